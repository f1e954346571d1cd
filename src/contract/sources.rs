//! Where contracts come from: the files in the binary, and those of a user's folder over them.

use std::collections::BTreeMap;
use std::path::{Component, Path};
use std::sync::atomic::{AtomicUsize, Ordering};

use include_dir::{Dir, include_dir};

use super::load::Files;
use crate::base::{Diagnostic, Node, Place, files_below, nearest, parse_yaml, read_text};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/contracts");

/// What each release offers.
pub const RELEASES: &str = "contracts/releases.yaml";

/// A file of contracts.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as its reader would look for it: a path of the project, or the user's own.
    pub file: String,
    /// What it says.
    pub text: String,
    /// Is it the user's?
    pub is_own: bool,
}

/// The files by name: `contracts/SERVICE/VERSION/FILE.yaml`.
pub type Sources = BTreeMap<String, Source>;

/// Files that are looked for under their own names.
pub fn named(files: BTreeMap<String, String>) -> Sources {
    files.into_iter().map(|(name, text)| (name.clone(), Source { file: name, text, is_own: false })).collect()
}

/// The files in the binary.
pub fn embedded() -> Sources {
    let mut files = BTreeMap::new();
    collect(&EMBEDDED, &mut files);
    named(files)
}

/// Example bodies are not contracts.
fn collect(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|e| e == "yaml")) {
        let text = file.contents_utf8().unwrap_or_default();
        files.insert(format!("contracts/{}", file.path().display()), text.to_owned());
    }
    dir.dirs().filter(|dir| !dir.path().ends_with("examples")).for_each(|dir| collect(dir, files));
}

/// Puts the files below `folder` over `sources`: the same name replaces, a new one adds.
///
/// # Errors
/// One cannot be read or does not stand where a contract stands, or there is none.
pub fn put_over(sources: &mut Sources, folder: &Path) -> Result<(), Diagnostic> {
    let unreadable = |path: &Path, error: std::io::Error| {
        Diagnostic::new("cannot read the contracts")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    };
    let below = |ending: &str| files_below(folder, ending).map_err(|error| unreadable(folder, error));
    let mut count = 0;
    for path in below(".yaml")? {
        let Some(name) = name_below(folder, &path) else { continue };
        let text = read_text(&path).map_err(|error| unreadable(&path, error))?;
        if name.matches('/').count() != 2 && format!("contracts/{name}") != RELEASES {
            return Err(misplaced(sources, &path));
        }
        let source = Source { file: path.display().to_string(), text, is_own: true };
        sources.insert(format!("contracts/{name}"), source);
        count += 1;
    }
    if let Some(path) = below(".yml")?.into_iter().find(|path| name_below(folder, path).is_some()) {
        let told = Diagnostic::new("a file of contracts ends in .yaml, not in .yml");
        return Err(told.row("where", path.display().to_string()).row("fix", "rename it"));
    }
    match count {
        0 => Err(Diagnostic::new("the folder has no contracts in it")
            .row("where", folder.display().to_string())
            .row("expected", LAYOUT)),
        _ => Ok(()),
    }
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
    Diagnostic::new("no contract is looked for there")
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
    Diagnostic::new(format!("{folder} has no service.yaml, and is no API that there is"))
        .row_if("where", file)
        .did_you_mean(folder, api_folders(sources))
        .row("fix", "put the file into the folder of an API, or say in a service.yaml what the new one is")
}

/// Refuses a collection that is a misspelling of one that the embedded contracts have; others may be new.
///
/// # Errors
/// A row of the user's names one.
pub fn check_collections(sources: &Sources) -> Result<(), Diagnostic> {
    let embedded = embedded();
    let known: Vec<&str> = embedded.values().flat_map(|source| collections(&source.text)).collect();
    let check = |node: &Node| {
        let word = node.text()?;
        match nearest(word, known.iter().copied()).filter(|near| *near != word) {
            Some(near) => Err(node.expected("the name of a collection").row("did you mean", near)),
            None => Ok(()),
        }
    };
    for source in sources.values().filter(|source| source.is_own) {
        let node = parse_yaml(&source.file, &source.text)?;
        let rows = node.get("operations").map_or(Ok(&[][..]), Node::entries)?;
        for (.., row) in rows {
            row.get("collection").map_or(Ok(()), check)?;
            let references = row.get("references").map_or(Ok(&[][..]), Node::entries)?;
            references.iter().try_for_each(|(.., collection)| check(collection))?;
        }
    }
    Ok(())
}

/// The collections that the rows of an embedded file name, each on a line of its own; reading all of its YAML for them would cost
/// each start.
pub fn collections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("collection: "))
}

/// The files of one API by their short names, each read by whichever thread is free: reading YAML is most of a start.
///
/// # Errors
/// The first mistake in the order of the files.
pub fn parsed(sources: &Sources) -> Result<Files, Diagnostic> {
    let (next, all) = (AtomicUsize::new(0), sources.iter().collect::<Vec<_>>());
    let read_on = || {
        let taken = std::iter::from_fn(|| all.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.map(|(name, source)| (name.as_str(), parse_yaml(&source.file, &source.text))).collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(all.len());
    let mut read = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(read_on)).collect();
        let mut read = read_on();
        for other in others {
            read.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        read
    });
    read.sort_by_key(|(name, _)| *name);
    let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    read.into_iter().map(|(name, node)| Ok((short(name), node?))).collect()
}

/// The complaint that the file at `place` calls an API as another does.
pub fn same_service(name: &str, file: &str, other: &str) -> Diagnostic {
    Diagnostic::new(format!("two APIs are called {name:?}"))
        .at(&Place::start(&file.into()))
        .row("and at", other)
        .row("fix", "give the new one a name of its own")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contract::Contracts;

    #[test]
    fn the_collections_in_the_text_are_those_of_the_rows() {
        let embedded = embedded();
        let found: BTreeSet<&str> = embedded.values().flat_map(|source| collections(&source.text)).collect();
        let contracts = Contracts::embedded().unwrap();
        let tables = contracts.services().iter().map(|contract| contract.table().unwrap());
        let rows = tables.flat_map(|table| table.operations.iter());
        let named: BTreeSet<&str> = rows.filter_map(|row| row.collection.as_deref()).collect();
        assert_eq!(found, named);
    }
}
