//! What a fresh clone compiles: each package once, for the build script, the program and the tests alike. Another set of features
//! of one small package compiles it again, and all that depends on it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// What `cargo tree` prints with these arguments, a package in each line.
pub fn cargo_tree(arguments: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--offline", "--prefix", "none"]).args(arguments);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Each package of the tree of these kinds of dependencies, and every set of features that it is compiled with.
fn packages(kinds: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in cargo_tree(&["--format", "{p}|{f}|", "--edges", kinds]).lines() {
        let mut parts = line.split('|').map(str::to_owned);
        let (Some(package), Some(features)) = (parts.next(), parts.next()) else { panic!("{line}") };
        packages.entry(package).or_default().insert(features);
    }
    packages
}

#[test]
fn a_package_is_compiled_once() {
    let built = packages("normal,build");
    assert!(built.len() > 100, "{built:?}");
    let tested = packages("normal,build,dev");
    let twice: Vec<_> =
        built.keys().filter(|package| tested[*package].len() > 1).map(|package| (package, &tested[package])).collect();
    assert!(twice.is_empty(), "with one set of features each, in Cargo.toml: {twice:#?}");
    let again: Vec<_> = built.iter().filter(|(package, sets)| tested[*package] != **sets).collect();
    assert!(again.is_empty(), "compiled again for the tests, so name their features in Cargo.toml: {again:#?}");
}
