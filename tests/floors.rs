//! The floors of docs/architecture.md, held against the text of src: imports go down only and not in circles, files are small,
//! sockets and async live where they may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module and its floor.
const FLOORS: [(&str, u8); 13] = [
    ("base", 0),
    ("message", 1),
    ("contract", 2),
    ("cloud", 2),
    ("recording", 3),
    ("snapshot", 3),
    ("exchange", 4),
    ("report", 4),
    ("upstream", 4),
    ("server", 5),
    ("verify", 5),
    ("embed", 5),
    ("cli", 6),
];

/// Imports within a floor: the cloud reads the contract, never the reverse.
const WITHIN: [(&str, &str); 1] = [("cloud", "contract")];

const LONGEST: usize = 400;

/// How many files the largest circle of imports has. It may only get smaller: words below, rows between, tables on top.
const LARGEST_CIRCLE: usize = 5;

/// Where sockets and async are at home.
const ASYNC: [&str; 3] = ["server/", "upstream/", "cli/"];
const ASYNC_CRATES: [&str; 3] = ["tokio", "hyper", "hyper_util"];

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        for (line, target) in imports(&text, depth_of(&path)) {
            if !allowed(module, &target) {
                wrong.push(format!("src/{}:{line}: {module} must not read {target}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn circles_of_files_do_not_grow() {
    let graph = Graph::of(&sources());
    let circles = graph.circles();
    let largest = circles.first().map_or(0, BTreeSet::len);
    println!("circles: {:?}", circles.iter().map(BTreeSet::len).collect::<Vec<_>>());
    let drawn: String = circles.iter().map(|circle| graph.drawn(circle) + "\n").collect();
    assert!(largest <= LARGEST_CIRCLE, "a circle of {largest} files, {LARGEST_CIRCLE} are the most:\n{drawn}");
    assert!(largest >= LARGEST_CIRCLE, "the largest circle has {largest} files now: say so in LARGEST_CIRCLE");
}

#[test]
fn every_module_has_a_floor() {
    for (path, _) in sources() {
        let parts = path.components().count();
        assert!(parts == 1 || module_of(&path).is_some(), "src/{} stands on no floor", path.display());
    }
}

#[test]
fn floors_and_homes_are_there() {
    let is_there = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path).exists();
    for name in FLOORS.iter().map(|(name, _)| *name).chain(ASYNC) {
        assert!(is_there(name), "there is no src/{name}");
    }
}

/// What CONTRIBUTING and the pages call a module is one.
#[test]
fn floors_are_told_as_they_are() {
    let read = |page: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let contributing = read("CONTRIBUTING.md");
    let told = contributing.split_once("**Floors.**").unwrap().1.split_once("tests/floors.rs").unwrap().0;
    let named: Vec<&str> = told.split('`').skip(1).step_by(2).filter(|name| !name.is_empty()).collect();
    for name in &named {
        assert!(floor(name).is_some(), "CONTRIBUTING.md names {name}, which is no module");
    }
    let architecture = read("docs/architecture.md");
    for (name, floor) in FLOORS {
        assert!(named.contains(&name), "CONTRIBUTING.md does not name {name}");
        let row = format!("| {floor} | `{name}` |");
        assert!(architecture.contains(&row), "docs/architecture.md has no row {row}");
    }
}

/// A file of tests that no program names is never compiled, and nothing says so.
#[test]
fn every_file_of_tests_belongs_to_a_program() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let manifest = std::fs::read_to_string(tests.with_file_name("Cargo.toml")).unwrap();
    let is_program = |name: &str| manifest.contains(&format!("[[test]]\nname = \"{name}\""));
    let files = std::fs::read_dir(&tests).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let (programs, modules): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(|path| is_program(&name(path)));
    let named: String = programs.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(modules.len() > 20);
    for module in modules {
        assert!(named.contains(&format!("\nmod {};\n", name(module))), "{} is in no program", module.display());
    }
}

#[test]
fn files_are_small() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines >= LONGEST)
        .map(|(path, lines)| format!("src/{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "split them, a file has less than {LONGEST} lines:\n{}", long.join("\n"));
}

#[test]
fn sockets_and_async_stay_where_they_are_at_home() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if ASYNC.iter().any(|home| path.to_string_lossy().starts_with(home)) {
            continue;
        }
        for (number, line) in code(&text).lines().enumerate() {
            if words(line).any(|word| ASYNC_CRATES.contains(&word)) {
                wrong.push(format!("src/{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the user names is opened by base alone, which knows what is no file.
#[test]
fn files_are_opened_in_one_place() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
        for (number, line) in code(&text[..tests]).lines().enumerate() {
            let opens = ["fs::read(", "read_to_string(path", "fs::read_to_string", "File::open("].iter();
            let own = line.contains("\"/dev/");
            if path != Path::new("base/files.rs") && !own && opens.into_iter().any(|call| line.contains(call)) {
                wrong.push(format!("src/{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "use base::open_file or base::read_text:\n{}", wrong.join("\n"));
}

#[test]
fn imports_are_found_however_they_are_spelled() {
    let text = "use crate::base::X; // crate::cli\nuse crate::{\n    cloud::{Y, report::Z},\n    message,\n};\n\
                fn f() { super::super::server::g(); super::server(); crate::recording::h() }";
    let found: Vec<(usize, String)> = imports(text, 2);
    let expected = [(1, "base"), (2, "cloud"), (2, "message"), (6, "recording"), (6, "server")];
    assert_eq!(found, expected.map(|(line, name)| (line, name.to_owned())));
    assert!(allowed("cloud", "contract") && !allowed("contract", "cloud"));
    assert!(!allowed("report", "exchange") && !allowed("base", "cli") && allowed("cli", "base"));
}

#[test]
fn circles_are_found_through_re_exports() {
    let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
    let mut files = vec![
        file("a/mod.rs", "mod row;\nmod word;\npub use row::{Row, row as make};\npub use word::Word;"),
        file("a/row.rs", "use super::Word; // crate::b\nfn f(of: Word) -> &'static str { \"crate::b::X\" }"),
        file("a/word.rs", "pub struct Word;"),
        file("b.rs", "use crate::a::{self, Row as R};\nfn f() { a::make(R::new()) }"),
    ];
    let graph = Graph::of(&files);
    let to = |from: &str| graph.arrows[from].iter().cloned().collect::<Vec<_>>();
    assert_eq!(
        (to("a"), to("a::row"), to("b")),
        (vec!["a::row".into(), "a::word".into()], vec!["a::word".into()], vec!["a::row".into()])
    );
    assert!(graph.circles().is_empty());
    files[2].1 = "pub struct Word(crate::b::B);\n#[cfg(test)]\nmod tests {}".to_owned();
    assert_eq!(Graph::of(&files).circles(), [BTreeSet::from(["a::row", "a::word", "b"])]);
}

fn allowed(module: &str, target: &str) -> bool {
    let (Some(from), Some(to)) = (floor(module), floor(target)) else { return true };
    module == target || to < from || WITHIN.contains(&(module, target))
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// The top module that a file belongs to; none for lib.rs and main.rs.
fn module_of(path: &Path) -> Option<&'static str> {
    let first = path.components().next()?.as_os_str().to_str()?;
    let stem = first.strip_suffix(".rs").unwrap_or(first);
    FLOORS.iter().find(|(name, _)| *name == stem).map(|(name, _)| *name)
}

/// How many `super::` lead from a file to the root of the crate.
fn depth_of(path: &Path) -> usize {
    path.components().count() - usize::from(path.ends_with("mod.rs"))
}

/// The modules at the root of the crate that `text` names, each with its line: `crate::NAME`, `crate::{NAME, NAME}`, and
/// `super::` as often as it takes to get there.
fn imports(text: &str, depth: usize) -> Vec<(usize, String)> {
    let text = code(text);
    let roots = ["crate::".to_owned(), "super::".repeat(depth)];
    let mut found = Vec::new();
    for root in roots {
        for (at, _) in text.match_indices(&root) {
            let line = text[..at].matches('\n').count() + 1;
            found.extend(heads(&text[at + root.len()..]).into_iter().map(|head| (line, head)));
        }
    }
    found.sort();
    found
}

/// The first name of a path, or of each path in its braces.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else {
        return words(path).next().map(str::to_owned).into_iter().collect();
    };
    let mut depth = 1;
    let mut at_top = String::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 1 => at_top.push(c),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at_top.split(',').filter_map(|path| words(path).next().map(str::to_owned)).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The text without its line comments.
fn code(text: &str) -> String {
    let without = |line: &str| match line.trim_start() {
        comment if comment.starts_with("//") => String::new(),
        _ => line.split(" // ").next().unwrap_or(line).to_owned(),
    };
    text.lines().map(without).collect::<Vec<_>>().join("\n")
}

/// The arrows between the files of src: who names something that another file defines. A re-export is followed to the file that
/// defines the item, so a mod.rs that only declares and re-exports is in no circle.
struct Graph {
    /// The module of each file (`cloud::verb::show`) and the file's path.
    files: BTreeMap<String, PathBuf>,
    /// What each file brings into scope, by the name it has there.
    bound: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    arrows: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn of(sources: &[(PathBuf, String)]) -> Self {
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
    fn circles(&self) -> Vec<BTreeSet<&str>> {
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
    fn drawn(&self, circle: &BTreeSet<&str>) -> String {
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

/// Every file of src, by its path there.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.strip_prefix(&root).unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}
