//! Where contracts come from: the files in the binary, and those of a user's folder over them.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::collections::{collections, inherited};
use super::merge::{MERGE, is_merged, merged};
use super::team_rules::RULES;
use crate::base::{Compiled, Diagnostic, Node, Place, files_below, nearest, not_empty, parse_yaml, read_text};
use crate::contract::schema::{File, Files};

/// What each release offers.
pub const RELEASES: &str = "contracts/releases.yaml";

/// A file of contracts.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name of the file for its reader: a path in the project, or the user's own.
    pub file: String,
    content: Content,
    /// Is it the user's?
    pub is_own: bool,
}

#[derive(Clone, Debug)]
enum Content {
    Compiled(Compiled),
    Text(String),
    /// A file over another, and the text that tells it from others.
    Merged(Box<Node>, String),
}

/// The files by name: `contracts/SERVICE/VERSION/FILE.yaml`.
pub type Sources = BTreeMap<String, Source>;

impl Source {
    /// The content of the file.
    ///
    /// # Errors
    /// It is not YAML.
    pub fn node(&self) -> Result<Node, Diagnostic> {
        match &self.content {
            Content::Compiled(compiled) => compiled.node(),
            Content::Text(text) => parse_yaml(&self.file, text),
            Content::Merged(node, _) => Ok((**node).clone()),
        }
    }

    /// What the file has.
    ///
    /// # Errors
    /// It is not YAML, or does not have the layout of a contract file.
    pub fn parts(&self) -> Result<File, Diagnostic> {
        let node = self.node()?;
        not_empty("a contract file", &node)?;
        File::of_node(node)
    }

    /// Was it not compiled with mockstack?
    pub fn is_text(&self) -> bool {
        !matches!(self.content, Content::Compiled(_))
    }

    /// What tells it from another.
    pub fn identity(&self) -> &[u8] {
        match &self.content {
            Content::Compiled(compiled) => compiled.digest(),
            Content::Text(text) | Content::Merged(_, text) => text.as_bytes(),
        }
    }

    /// The collections of its rows; none if it cannot be read, which is reported elsewhere.
    pub fn collections(&self) -> Vec<String> {
        match &self.content {
            Content::Compiled(compiled) => compiled.words().map(str::to_owned).collect(),
            Content::Text(_) | Content::Merged(..) => {
                self.node().map(|node| collections(&node).into_iter().map(str::to_owned).collect()).unwrap_or_default()
            }
        }
    }

    /// Is one of its rows about the collection `name`?
    pub fn has_collection(&self, name: &str) -> bool {
        match &self.content {
            Content::Compiled(compiled) => compiled.words().any(|own| own == name),
            Content::Text(_) | Content::Merged(..) => self.collections().iter().any(|own| own == name),
        }
    }
}

/// Files that are looked for under their own names.
pub fn named(files: BTreeMap<String, String>) -> Sources {
    let source = |name: &str, text| Source { file: name.to_owned(), content: Content::Text(text), is_own: false };
    files.into_iter().map(|(name, text)| (name.clone(), source(&name, text))).collect()
}

/// The files in the binary.
///
/// # Errors
/// They are damaged.
pub fn embedded() -> Result<Sources, Diagnostic> {
    let source = |compiled: Compiled| Source {
        file: compiled.file.to_owned(),
        content: Content::Compiled(compiled),
        is_own: false,
    };
    let files = Compiled::all(include_bytes!(concat!(env!("OUT_DIR"), "/contracts.bin")))?;
    Ok(files.into_iter().map(|compiled| (compiled.file.to_owned(), source(compiled))).collect())
}

/// Merges the files below `folder` into `sources`: a file replaces the one with the same name, or is added.
///
/// # Errors
/// A file cannot be read or is in the wrong place, or there is none.
pub fn put_over(sources: &mut Sources, folder: &Path) -> Result<(), Diagnostic> {
    let unreadable = |path: &Path, error: std::io::Error| {
        Diagnostic::new("cannot read the contracts")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    };
    let below = |ending: &str| files_below(folder, ending).map_err(|error| unreadable(folder, error));
    let mut count = 0;
    // Whose rows an API has is known before its files are merged.
    let mut paths = below(".yaml")?;
    paths.sort_by_key(|path| !path.ends_with("service.yaml"));
    for path in paths {
        let Some(name) = name_below(folder, &path) else { continue };
        let text = read_text(&path).map_err(|error| unreadable(&path, error))?;
        let at_the_top = [RELEASES, RULES].contains(&format!("contracts/{name}").as_str());
        if name.matches('/').count() != 2 && !at_the_top {
            return Err(misplaced(sources, &path));
        }
        let source = own_source(sources, &format!("contracts/{name}"), path.display().to_string(), text)?;
        sources.insert(format!("contracts/{name}"), source);
        count += 1;
    }
    if let Some(path) = below(".yml")?.into_iter().find(|path| name_below(folder, path).is_some()) {
        let told = Diagnostic::new("a contract file must end in .yaml, not .yml");
        return Err(told.row("where", path.display().to_string()).row("fix", "rename it"));
    }
    match count {
        0 => Err(Diagnostic::new("the folder contains no contracts")
            .row("where", folder.display().to_string())
            .row("expected", LAYOUT)),
        _ => Ok(()),
    }
}

/// The user's `file`: as it stands, or merged into the one called `name`.
fn own_source(sources: &Sources, name: &str, file: String, text: String) -> Result<Source, Diagnostic> {
    let folder = name.strip_suffix(short(name)).unwrap_or_default();
    // What an API has of another is merged when its rows are read.
    let is_anothers = || {
        let facts = sources.get(&format!("{folder}service.yaml")).and_then(|facts| facts.node().ok());
        !sources.contains_key(name) && facts.is_some_and(|facts| facts.get("rows_of").is_some())
    };
    // What is no YAML is told when it is read.
    let own = parse_yaml(&file, &text).ok().filter(|own| own.get(MERGE).is_some());
    let content = match own {
        Some(own) if is_merged(&own)? && !is_anothers() => {
            let beside = |file: &str| sources.get(&format!("{folder}{file}")).map(Source::node);
            let known: Vec<&str> = sources.keys().filter_map(|known| known.strip_prefix(folder)).collect();
            let node = merged(&beside, &known, short(name), &own)?;
            // What it is merged into tells it apart too.
            let identity = format!("{:?}{text}", sources.get(name).map(Source::identity));
            Content::Merged(Box::new(node), identity)
        }
        _ => Content::Text(text),
    };
    Ok(Source { file, content, is_own: true })
}

const LAYOUT: &str = "SERVICE/VERSION/FILE.yaml below the folder, such as compute/v2.1/servers.yaml";

/// The name of `path` below `folder`; none for what is no contract: hidden files, and examples of bodies.
fn name_below(folder: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(folder).ok()?;
    let parts: Vec<String> = below.components().map(|part: Component<'_>| lossy(part.as_os_str())).collect();
    let is_example = parts.len() > 3 && parts[2] == "examples";
    (!is_example && !parts.iter().any(|part| part.starts_with('.'))).then(|| parts.join("/"))
}

fn lossy(text: &std::ffi::OsStr) -> String {
    text.to_string_lossy().into_owned()
}

/// The complaint that no contract stands at `path`, with the folder that was probably meant.
fn misplaced(sources: &Sources, path: &Path) -> Diagnostic {
    let folder = path.parent().unwrap_or(path);
    let is_of_an_api = api_folders(sources).any(|api| folder.ends_with(api));
    let root = folder.ancestors().nth(2).filter(|_| is_of_an_api).map(|root| match root.as_os_str().is_empty() {
        true => "--contracts .".to_owned(),
        false => format!("--contracts {}", root.display()),
    });
    Diagnostic::new("contracts are not read from there")
        .row("where", path.display().to_string())
        .row("expected", LAYOUT)
        .row_if("did you mean", root)
}

/// The folders of the APIs that there are: `compute/v2.1`.
fn api_folders(sources: &Sources) -> impl Iterator<Item = &str> {
    sources.keys().filter_map(|name| name.strip_prefix("contracts/")?.strip_suffix("/service.yaml"))
}

/// The complaint that the files of `folder` belong to no API.
pub fn without_service(sources: &Sources, folder: &str) -> Diagnostic {
    let prefix = format!("{folder}/");
    let file = sources.iter().find(|(name, _)| name.starts_with(&prefix)).map(|(_, source)| source.file.as_str());
    let folder = folder.strip_prefix("contracts/").unwrap_or(folder);
    Diagnostic::new(format!("{folder} has no service.yaml, and is not a known API"))
        .row_if("where", file)
        .did_you_mean(folder, api_folders(sources))
        .row("fix", "put the file into the folder of an API, or describe the new API in a service.yaml")
}

/// Refuses a collection that is a misspelling of one that the embedded contracts have; others may be new.
///
/// # Errors
/// A row of the user's names one.
pub fn check_collections(sources: &Sources) -> Result<(), Diagnostic> {
    let known: Vec<String> = embedded()?.values().flat_map(Source::collections).collect();
    let check = |node: &Node| {
        let word = node.text()?;
        match nearest(word, known.iter().map(String::as_str)).filter(|near| *near != word) {
            Some(near) => Err(node.expected("the name of a collection").row("did you mean", near)),
            None => Ok(()),
        }
    };
    for source in sources.values().filter(|source| source.is_own) {
        let node = source.node()?;
        let (resource, rows) = (node.get("resource"), node.get("operations").map_or(Ok(&[][..]), Node::entries)?);
        let mut named = rows.iter().filter_map(|(.., row)| inherited(row, resource, "collection"));
        named.try_for_each(check)?;
    }
    Ok(())
}

/// The files of one API by their short names.
///
/// # Errors
/// The first mistake in the order of the files.
pub fn parsed(sources: &Sources) -> Result<Files, Diagnostic> {
    let files: Result<_, _> =
        sources.iter().map(|(name, source)| Ok((short(name).to_owned(), source.parts()?))).collect();
    files.map(Files)
}

/// The name of a file within its API: `servers.yaml`.
pub fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The complaint that the file at `place` calls an API as another does.
pub fn same_service(name: &str, file: &str, other: &str) -> Diagnostic {
    Diagnostic::new(format!("two APIs are called {name:?}"))
        .at(&Place::start(&file.into()))
        .row("and at", other)
        .row("fix", "give the new one its own name")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::contract::table::contracts::Contracts;

    #[test]
    fn the_collections_that_come_with_the_files_are_those_of_the_rows() {
        let contracts = Contracts::embedded().unwrap();
        // What an API has of another is in the files of that.
        for contract in contracts.services().iter().filter(|contract| contract.service.rows_of.is_none()) {
            let table = contract.table().unwrap();
            let named: BTreeSet<&str> = table.operations.iter().filter_map(|row| row.collection.as_deref()).collect();
            assert_eq!(contract.collections().iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
        }
    }

    /// What build.rs made of the files is what they say: it is not left from before.
    #[test]
    fn what_is_embedded_is_what_stands_in_the_files() {
        for source in super::embedded().unwrap().values() {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&source.file);
            let node = super::parse_yaml(&source.file, &std::fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(format!("{:?}", source.node().unwrap()), format!("{node:?}"), "{}", source.file);
        }
    }
}
