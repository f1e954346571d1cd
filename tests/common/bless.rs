//! Pages that are made of the program: `BLESS=1 cargo test` writes them, and what it wrote is looked at and committed.

use std::panic::Location;
use std::path::Path;

/// Holds the file at `path` of the project against `expected`, or writes it with `BLESS=1`.
///
/// # Panics
/// They differ; or it was to be written where `CI` is set, where nobody looks at it.
#[track_caller]
pub fn compare(path: &str, expected: &str) {
    let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    if let Err(why) = held(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), expected, is_set("BLESS"), is_set("CI")) {
        // Tests are modules of tests/main.rs.
        let test = Location::caller().file().trim_start_matches("tests/").split(['/', '.']).next().unwrap_or_default();
        panic!("{path} {why}\nto write it: BLESS=1 cargo test --test main {test}::");
    }
}

/// Holds the table `name` of the page at `path`: what is between its mark and the end of the table.
///
/// # Panics
/// As [`compare`]; or the page has no such table.
#[track_caller]
pub fn compare_table(path: &str, name: &str, table: &str) {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (start, end) = (format!("<!-- table: {name} -->\n"), "<!-- end of the table -->");
    let (before, rest) = page.split_once(&start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    compare(path, &[before, &start, table, end, after].concat());
}

fn held(path: &Path, expected: &str, blesses: bool, is_ci: bool) -> Result<(), String> {
    if blesses && is_ci {
        return Err("is not written where CI is set: write it on your machine, and commit it".to_owned());
    }
    if blesses {
        // Other tests read it meanwhile.
        let new = path.with_extension("new");
        let written = std::fs::write(&new, expected).and_then(|()| std::fs::rename(&new, path));
        return written.map_err(|error| format!("cannot be written: {error}"));
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return Ok(());
    }
    let same = found.lines().zip(expected.lines()).take_while(|(found, expected)| found == expected).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or_default().to_owned();
    Err(format!("is out of date from line {} on:\n- {}\n+ {}", same + 1, line(&found), line(expected)))
}

#[test]
fn a_page_is_held_or_written_and_never_written_in_ci() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    assert!(held(&page, "a\nb\n", false, false).is_err());
    assert!(held(&page, "a\nb\n", true, true).is_err() && !page.exists());
    assert_eq!(held(&page, "a\nb\n", true, false), Ok(()));
    assert_eq!(held(&page, "a\nb\n", false, true), Ok(()));
    assert_eq!(held(&page, "a\nc\n", false, true), Err("is out of date from line 2 on:\n- b\n+ c".to_owned()));
}
