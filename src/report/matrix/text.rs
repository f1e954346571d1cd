//! The matrix as text for people.

use super::cell::{Cell, State};
use super::grid::Matrix;

/// A row a cloud, a column a client; then what is not clean, with the verdict and the output of the first of those that fail.
pub fn text(matrix: &Matrix) -> String {
    let mut out = grid(matrix);
    for span in matrix.spans() {
        let cell = span.cell;
        out += &format!("\n{} in {}: {}\n  {}\n", cell.client, span.clouds(), cell.told(), cell.told_reason());
        if cell.state() == State::Failing {
            out += &indented("verdict", &cell.verdict);
            out += &indented("output of the client", &cell.output);
        }
    }
    for unused in &matrix.unused {
        out += &format!("unused        {unused}\n");
    }
    out + &format!("\n{}\nverdict       {} (exit code {})\n", matrix.counts(), matrix.name(), matrix.exit_code())
}

fn grid(matrix: &Matrix) -> String {
    let mut rows = vec![vec!["cloud".to_owned()]];
    rows[0].extend(matrix.clients.iter().cloned());
    for cloud in &matrix.clouds {
        rows.push([cloud.clone()].into_iter().chain(matrix.row(cloud).map(Cell::told)).collect());
    }
    let column = |place: usize| rows.iter().filter_map(|row| row.get(place)).map(|word| word.chars().count()).max();
    let widths: Vec<usize> = (0..=matrix.clients.len()).map(|place| column(place).unwrap_or_default()).collect();
    let line = |row: &Vec<String>| {
        let padded: Vec<String> = row.iter().zip(&widths).map(|(word, width)| format!("{word:width$}")).collect();
        padded.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn indented(what: &str, text: &str) -> String {
    let text = text.trim_matches('\n');
    if text.is_empty() {
        return format!("  {what}: nothing\n");
    }
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    format!("  {what}:\n{}", text.lines().map(line).collect::<String>())
}
