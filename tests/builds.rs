//! What a fresh clone compiles: each package once, for the build script, the program and the tests alike. Another set of features
//! of one small package compiles it again, and all that depends on it.

use std::collections::BTreeMap;
use std::process::Command;

/// Each package of the tree of these kinds of dependencies, and every set of features that it is compiled with.
fn packages(kinds: &str) -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none", "--format", "{p}|{f}|", "--edges", kinds])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut packages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut parts = line.split('|');
        let (Some(package), Some(features)) = (parts.next(), parts.next()) else { panic!("{line}") };
        let sets = packages.entry(package.to_owned()).or_default();
        if !sets.iter().any(|set| set == features) {
            sets.push(features.to_owned());
        }
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
