//! Floor 0: types that every other floor uses. Microversions and sets of them, places in files, YAML with places,
//! JSON pointers, the files of the user, the clock, generated ids, and the one renderer of diagnostics.

pub mod as_text;
mod catalogue;
pub mod cidr;
mod clock;
mod closed_set;
pub mod colour;
mod compiled;
pub mod diagnostic;
mod files;
mod glob;
mod ids;
pub mod json;
mod lifetime;
mod microversion;
mod node;
mod packed;
mod pattern;
mod place;
mod pointer;
mod python;
mod truth;
mod url;
mod versions;
mod yaml;

pub use catalogue::Catalogue;
pub use clock::Clock;
pub use closed_set::{name_in, named_in};
pub use compiled::{Compiled, compile};
pub use diagnostic::{Diagnostic, Row, nearest};
pub use files::{can_be_written, files_below, folder_of, open_file, read_text};
pub use glob::Glob;
pub use ids::Ids;
pub use json::{with_sorted_keys, with_texts};
pub use lifetime::parse_lifetime;
pub use microversion::{InvalidMicroversion, Microversion};
pub use node::{Entry, Node, Text, Yaml, not_empty, unknown_key};
pub use pattern::{Pattern, Patterns};
pub use place::Place;
pub use pointer::{Path, Pointer, Segment};
pub use python::{python_repr, python_str};
pub use truth::truth;
pub use url::{below, last_segment, split_origin, split_version};
pub use versions::{Version, Versions};
pub use yaml::parse_yaml;
