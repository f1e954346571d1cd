//! The floors of docs/architecture.md, held against the text of src: imports go down only, files are small, sockets and async
//! live where they may.

#![allow(clippy::unwrap_used, reason = "a test")]

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
