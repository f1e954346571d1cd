//! The matrix as Markdown, for the summary of a CI job.

use super::cell::{Cell, State};
use super::grid::Matrix;
use crate::report::markdown::{cell as escaped, fenced};

/// The table, a list of what is not clean, and the verdict and output of what fails.
pub fn markdown(matrix: &Matrix) -> String {
    let mark = if matrix.worst().is_none() { "✅" } else { "❌" };
    let mut out =
        format!("## {mark} mockstack: {} (exit code {})\n\n{}\n\n", matrix.name(), matrix.exit_code(), matrix.counts());
    out += &table(matrix);
    let spans = matrix.spans();
    for (place, span) in spans.iter().enumerate() {
        let start = if place == 0 { "\n" } else { "" };
        let reason = escaped(&span.cell.told_reason());
        out += &format!("{start}- `{}` in {}: {}: {reason}\n", span.cell.client, span.clouds(), span.cell.told());
    }
    for cell in spans.iter().map(|span| span.cell).filter(|cell| cell.state() == State::Failing) {
        out += &format!("\n<details><summary>{} in {}</summary>\n\n", cell.client, cell.cloud);
        fenced(&mut out, "text", &cell.verdict);
        if !cell.output.is_empty() {
            out += "\nOutput of the client:\n\n";
            fenced(&mut out, "text", &cell.output);
        }
        out += "\n</details>\n";
    }
    matrix.unused.iter().for_each(|unused| out += &format!("\n{unused}\n"));
    out
}

/// A row a cloud, a column a client.
fn table(matrix: &Matrix) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = ["cloud".to_owned()].into_iter().chain(matrix.clients.iter().cloned()).collect();
    let rule = row(vec!["---".to_owned(); head.len()]);
    let rows = matrix
        .clouds
        .iter()
        .map(|cloud| row([cloud.clone()].into_iter().chain(matrix.row(cloud).map(marked)).collect()));
    row(head) + &rule + &rows.collect::<String>()
}

fn marked(cell: &Cell) -> String {
    let mark = match cell.state() {
        State::Clean => "✅",
        State::Known => "⚠️",
        State::Failing | State::Stale => "❌",
    };
    format!("{mark} {}", cell.told())
}
