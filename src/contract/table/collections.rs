//! The collections that a file of contracts is about. The build script asks it too.

use crate::base::{Node, Yaml};

/// The collections that the rows of `file` are about, in alphabetical order.
pub fn collections(file: &Node) -> Vec<&str> {
    let rows = file.get("operations").and_then(|rows| rows.entries().ok()).unwrap_or_default();
    let resource = file.get("resource");
    let mut named: Vec<&str> =
        rows.iter().filter_map(|(.., row)| inherited(row, resource, "collection")?.text().ok()).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// The value of `key` in `row`, or else in the `resource` of its file; none if the row sets it to nothing (`collection:`).
pub fn inherited<'n>(row: &'n Node, resource: Option<&'n Node>, key: &str) -> Option<&'n Node> {
    let value = row.get(key).or_else(|| resource?.get(key))?;
    (!matches!(value.yaml(), Yaml::Null)).then_some(value)
}
