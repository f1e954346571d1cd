//! Compiles the YAML that is embedded, contracts and the base fixture: reading it at each start would be most of the start.
#![allow(clippy::panic, reason = "a build that cannot go on stops")]

use std::fs;
#[cfg(feature = "cli")]
use std::io::Write;
use std::path::{Path, PathBuf};

#[path = "src/base"]
#[allow(dead_code, unused_imports, reason = "the whole modules are the library's")]
mod base {
    mod compiled;
    mod diagnostic;
    pub mod json;
    mod node;
    mod packed;
    mod place;
    mod yaml;

    pub use compiled::compile;
    pub use diagnostic::{Diagnostic, nearest};
    pub use node::{Node, Yaml};
    pub use place::Place;
    pub use yaml::parse_yaml;
}

#[path = "src/contract/table/collections.rs"]
mod collections;

use base::{compile, parse_yaml};
use collections::collections;

fn main() {
    let base = ["compiled.rs", "diagnostic.rs", "json", "node.rs", "packed.rs", "place.rs", "yaml.rs"]
        .map(|file| format!("base/{file}"));
    for source in base.iter().map(String::as_str).chain(["contract/table/collections.rs"]) {
        println!("cargo::rerun-if-changed=src/{source}");
    }
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_else(|| panic!("cargo names a folder"));
    for (folder, name) in [("contracts", "contracts.bin"), ("fixtures/base", "fixture.bin")] {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(Path::new(folder), &mut files);
        files.sort();
        let all: Vec<u8> = files.iter().flat_map(|file| compiled(file)).collect();
        #[cfg(feature = "cli")]
        if folder == "contracts" {
            fs::write(out.join("contracts.txt.z"), texts(&files)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        fs::write(out.join(name), all).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// Example bodies are not contracts.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display())).path();
        if path.is_dir() {
            if !path.ends_with("examples") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}

fn compiled(file: &Path) -> Vec<u8> {
    let name = file.to_str().unwrap_or_else(|| panic!("{} is no text", file.display())).replace('\\', "/");
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let node = parse_yaml(&name, &text).unwrap_or_else(|error| panic!("{error}"));
    compile(&name, &collections(&node), &node)
}

/// The texts of the files, compressed: what a page quotes of a rule. Before each its name and its length in bytes, on a line.
#[cfg(feature = "cli")]
fn texts(files: &[PathBuf]) -> Vec<u8> {
    let mut all = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for file in files {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.display().to_string().replace('\\', "/");
        let head = format!("{name} {}\n", text.len());
        all.write_all(head.as_bytes())
            .and_then(|()| all.write_all(text.as_bytes()))
            .unwrap_or_else(|error| panic!("{error}"));
    }
    all.finish().unwrap_or_else(|error| panic!("{error}"))
}
