//! Which file of src names what another one defines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The arrows between the files of src: who names something that another file defines. A re-export is followed to the file that
/// defines the item, so a mod.rs that only declares and re-exports is in no circle.
pub struct Graph {
    /// The module of each file (`cloud::verb::show`) and the file's path.
    files: BTreeMap<String, PathBuf>,
    /// What each file brings into scope, by the name it has there.
    bound: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    pub arrows: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    pub fn of(sources: &[(PathBuf, String)]) -> Self {
        let (mut files, mut bound) = (BTreeMap::new(), BTreeMap::new());
        let mut named = Vec::new();
        for (path, text) in sources.iter().filter(|(path, _)| !is_apart(path)) {
            let module = module_path(path);
            let (uses, paths) = paths_of(text);
            files.insert(module.clone(), path.clone());
            bound.insert(module.clone(), uses);
            named.push((module, paths));
        }
        let mut graph = Self { files, bound, arrows: BTreeMap::new() };
        for (module, paths) in named {
            let targets =
                paths.iter().filter_map(|path| graph.defined_in(&module, path, 0)).filter(|target| *target != module);
            let targets = targets.collect();
            graph.arrows.insert(module, targets);
        }
        graph
    }

    /// The file that defines what `path` names when `module` says it; none for what is of another crate, or a module itself.
    fn defined_in(&self, module: &str, path: &[String], depth: usize) -> Option<String> {
        let (mut at, mut rest) = (module.to_owned(), path);
        match path.first()?.as_str() {
            "crate" => (at, rest) = (String::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    (at, rest) = (at.rsplit_once("::").map_or("", |(parent, _)| parent).to_owned(), &rest[1..]);
                }
            }
            name if self.bound.get(module)?.contains_key(name) || self.files.contains_key(&below(module, name)) => {}
            _ => return None,
        }
        while let Some(child) = rest.first().map(|name| below(&at, name)).filter(|child| self.files.contains_key(child))
        {
            (at, rest) = (child, &rest[1..]);
        }
        let item = rest.first()?;
        match self.bound.get(&at)?.get(item).filter(|_| depth < 9) {
            Some(path) if path != rest || at != module => {
                let path: Vec<String> = path.iter().chain(&rest[1..]).cloned().collect();
                self.defined_in(&at, &path, depth + 1)
            }
            _ => Some(at),
        }
    }

    /// The circles, the largest first: files of which each can be reached from each.
    pub fn circles(&self) -> Vec<BTreeSet<&str>> {
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            self.arrows.keys().map(|from| (from.as_str(), self.reached(from))).collect();
        let circle = |from: &str| {
            reached[from].iter().filter(|to| reached[*to].contains(from)).copied().collect::<BTreeSet<_>>()
        };
        let circles: BTreeSet<_> = reached.keys().map(|from| circle(from)).filter(|circle| circle.len() > 1).collect();
        let mut circles: Vec<_> = circles.into_iter().collect();
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        circles
    }

    fn reached<'a>(&'a self, from: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut next = vec![from];
        while let Some(from) = next.pop() {
            next.extend(self.arrows[from].iter().map(String::as_str).filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// The arrows within a circle, a line each.
    pub fn drawn(&self, circle: &BTreeSet<&str>) -> String {
        let line = |from: &&str| {
            let to: Vec<&str> =
                self.arrows[*from].iter().map(String::as_str).filter(|to| circle.contains(to)).collect();
            format!("  {from} → {}\n", to.join(", "))
        };
        circle.iter().map(line).collect()
    }
}

fn below(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// The roots, which hold no code of their own, and what is compiled for tests alone.
fn is_apart(path: &Path) -> bool {
    path == Path::new("main.rs") || path.ends_with("tests.rs")
}

/// `cloud/verb/show.rs` is `cloud::verb::show`, `cloud/mod.rs` is `cloud`, lib.rs is the empty path.
fn module_path(path: &Path) -> String {
    let names =
        path.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>().join("::");
    names
        .trim_end_matches("mod")
        .trim_end_matches("::")
        .replace("lib", if path == Path::new("lib.rs") { "" } else { "lib" })
}

/// What `text` brings into scope (name → path), and each path of two names or more in it.
fn paths_of(text: &str) -> (BTreeMap<String, Vec<String>>, Vec<Vec<String>>) {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let tokens = tokens(text);
    let (mut bound, mut paths) = (BTreeMap::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let is_use = tokens[at] == "use";
        let first = at + usize::from(is_use);
        let within = at > 0 && [".", "::"].contains(&tokens[at - 1]);
        let mut found = Vec::new();
        at = if within { at + 1 } else { tree(&tokens, first, &[], &mut found).max(at + 1) };
        for (path, name) in found {
            if is_use {
                bound.insert(name, path.clone());
            }
            if path.len() > 1 {
                paths.push(path);
            }
        }
    }
    (bound, paths)
}

/// The paths of the tree that begins at `at` (`a::{b, c as d}`), each with the name that it gets; and where the tree ends.
fn tree(tokens: &[&str], at: usize, before: &[String], found: &mut Vec<(Vec<String>, String)>) -> usize {
    let token = |at: usize| tokens.get(at).copied().unwrap_or_default();
    if token(at) == "{" && !before.is_empty() {
        let mut at = at + 1;
        while !["}", ""].contains(&token(at)) {
            at = tree(tokens, at, before, found).max(at + 1);
        }
        return at + 1;
    }
    if !token(at).starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return at;
    }
    let path: Vec<String> = before.iter().cloned().chain([token(at).to_owned()]).collect();
    if token(at + 1) == "::" && token(at + 2) != "<" {
        return tree(tokens, at + 2, &path, found);
    }
    let renamed = token(at + 1) == "as";
    let path = if token(at) == "self" && path.len() > 1 { before.to_vec() } else { path };
    let name = if renamed { token(at + 2) } else { path.last().map_or("", String::as_str) };
    found.push((path.clone(), name.to_owned()));
    at + if renamed { 3 } else { 1 }
}

/// Names, `::` and single signs; no comments, texts and blanks.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => 2 + quoted(&rest[1..], '"'),
            'r' if rest.starts_with("r#\"") => 5 + rest[3..].find("\"#").unwrap_or(0),
            '\'' if rest[1..].starts_with('\\') => 2 + quoted(&rest[1..], '\''),
            '\'' if rest.chars().nth(2) == Some('\'') => rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at),
            ':' if rest.starts_with("::") => 2,
            _ if name > 0 => name,
            _ => first.len_utf8(),
        };
        let token = &rest[..length.min(rest.len())];
        let is_code = name > 0 && !token.starts_with("r#\"")
            || name == 0 && token.chars().count() <= 2 && !token.trim().is_empty();
        if is_code && !token.starts_with(['"', '\'']) && !token.starts_with("//") {
            found.push(token);
        }
        rest = &rest[token.len()..];
    }
    found
}

/// How long a text is until the quote that ends it.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}
