//! The floors of docs/architecture.md, held against the text of src: imports go down only and not in circles, files are small,
//! sockets and async live where they may.

mod graph;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use graph::Graph;

use crate::common::bless::compare;

/// Each module and its floor.
const FLOORS: [(&str, u8); 15] = [
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
    ("history", 5),
    ("lint", 5),
    ("embed", 6),
    ("cli", 6),
];

/// Imports within a floor: the cloud reads the contract, never the reverse.
const WITHIN: [(&str, &str); 1] = [("cloud", "contract")];

const LONGEST: usize = 400;

/// The rooms of the two large modules, the lowest first: a room imports from those in the lines above it.
const ROOMS: [(&str, &[&[&str]]); 2] = [
    (
        "contract",
        &[
            &["schema"],
            &["finding"],
            &["check"],
            &["table", "project"],
            &["judge"],
            &["diff"],
            &["example"],
            &["openapi"],
        ],
    ),
    (
        "cloud",
        &[
            &["store"],
            &["dialect"],
            &["verb"],
            &["identity", "network", "image"],
            &["volume"],
            &["compute"],
            &["table", "dispatch", "fixture", "reset", "settle", "template"],
        ],
    ),
];

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

/// Words below, rows between, tables on top.
#[test]
fn no_files_import_each_other() {
    let graph = Graph::of(&sources());
    let drawn: String = graph.circles().iter().map(|circle| graph.drawn(circle) + "\n").collect();
    assert!(drawn.is_empty(), "a circle of imports:\n{drawn}");
}

#[test]
fn rooms_import_from_lower_rooms_alone() {
    let graph = Graph::of(&sources());
    let mut wrong = Vec::new();
    for (from, targets) in &graph.arrows {
        let Some(own) = room(from) else { continue };
        for to in targets {
            let is_higher = room(to).is_some_and(|other| other.module == own.module && other.level >= own.level);
            if is_higher && room(to).map(|other| other.name) != Some(own.name) && !is_top(&own) {
                wrong.push(format!("{from} must not read {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A room, its module, and how high it is there.
#[derive(PartialEq)]
struct Room<'f> {
    module: &'static str,
    name: &'f str,
    level: usize,
}

/// The room of a file; none for what is in no room.
fn room(file: &str) -> Option<Room<'_>> {
    let mut names = file.split("::");
    let (module, name) = (names.next()?, names.next()?);
    let (module, levels) = ROOMS.iter().find(|(own, _)| *own == module)?;
    let level = levels.iter().position(|rooms| rooms.contains(&name));
    Some(Room { module, name, level: level.unwrap_or_else(|| panic!("src/{module}/{name} is in no room")) })
}

/// The files on top of the rooms know each other.
fn is_top(room: &Room<'_>) -> bool {
    ROOMS.iter().any(|(module, levels)| room.module == *module && module == &"cloud" && room.level + 1 == levels.len())
}

/// Who imports from whom, as docs/architecture.md draws it; what follows from other arrows is left out.
#[test]
fn the_diagram_of_imports_is_true() {
    let graph = Graph::of(&sources());
    let node = |file: &str| match room(file) {
        Some(room) => format!("{}/{}", room.module, room.name),
        None => file.split("::").next().unwrap().to_owned(),
    };
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, targets) in
        graph.arrows.iter().filter(|(from, _)| !from.is_empty() && !ROOMS.iter().any(|(name, _)| name == from))
    {
        let others = targets.iter().map(|to| node(to)).filter(|to| *to != node(from));
        arrows.entry(node(from)).or_default().extend(others);
    }
    let mut drawn = "```mermaid\ngraph TD\n".to_owned();
    for (from, targets) in &arrows {
        let follows = |to: &String| targets.iter().any(|other| other != to && reaches(&arrows, other, to));
        for to in targets.iter().filter(|to| !follows(to)) {
            drawn += &format!("  {from} --> {to}\n");
        }
    }
    drawn += "```\n";
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md")).unwrap();
    let (before, rest) = page.split_once("```mermaid\n").unwrap();
    compare("docs/architecture.md", &format!("{before}{drawn}{}", rest.split_once("```\n").unwrap().1));
}

fn reaches(arrows: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    arrows.get(from).into_iter().flatten().any(|next| next == to || reaches(arrows, next, to))
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
