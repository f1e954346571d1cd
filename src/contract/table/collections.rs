//! The collections that a file of contracts is about. The build script asks it too.

use crate::base::Node;

/// The collections that the rows of `file` are about, in alphabetical order.
pub fn collections(file: &Node) -> Vec<&str> {
    let rows = file.get("operations").and_then(|rows| rows.entries().ok()).unwrap_or_default();
    let mut named: Vec<&str> = rows.iter().filter_map(|(.., row)| row.get("collection")?.text().ok()).collect();
    named.sort_unstable();
    named.dedup();
    named
}
