//! The matrix as JUnit XML: a suite for each client, a case for each cloud.

use std::fmt::Write;

use super::cell::{Cell, State};
use super::grid::Matrix;
use crate::report::junit::escape;

/// The matrix as JUnit XML. A known failure is a case that is skipped.
pub fn junit(matrix: &Matrix) -> String {
    let count = |cells: &[&Cell], wanted: fn(State) -> bool| cells.iter().filter(|cell| wanted(cell.state())).count();
    let totals = |cells: &[&Cell]| {
        let skipped = count(cells, |state| state == State::Known);
        format!("tests=\"{}\" failures=\"{}\" skipped=\"{skipped}\"", cells.len(), count(cells, State::fails))
    };
    let all: Vec<&Cell> = matrix.cells.iter().collect();
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mockstack\" {}>\n", totals(&all));
    for client in &matrix.clients {
        let cells: Vec<&Cell> = matrix.cells.iter().filter(|cell| cell.client == *client).collect();
        let seconds: f64 = cells.iter().map(|cell| cell.took.as_secs_f64()).sum();
        // Writing to a String cannot fail.
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" {} errors=\"0\" time=\"{seconds:.3}\">",
            escape(client),
            totals(&cells)
        );
        cells.iter().for_each(|cell| write_cell(&mut xml, cell));
        xml.push_str("  </testsuite>\n");
    }
    xml + "</testsuites>\n"
}

fn write_cell(xml: &mut String, cell: &Cell) {
    let (reason, seconds) = (escape(&cell.told_reason()), cell.took.as_secs_f64());
    let inner = match cell.state() {
        State::Clean => String::new(),
        State::Known => format!("      <skipped message=\"{reason}\"/>\n"),
        State::Failing | State::Stale => {
            format!(
                "      <failure type=\"{}\" message=\"{reason}\">{}</failure>\n",
                cell.name(),
                escape(&cell.verdict)
            )
        }
    };
    let output = match cell.output.is_empty() {
        true => String::new(),
        false => format!("      <system-out>{}</system-out>\n", escape(&cell.output)),
    };
    let (client, cloud) = (escape(&cell.client), escape(&cell.cloud));
    // Writing to a String cannot fail.
    let _ = writeln!(
        xml,
        "    <testcase classname=\"{client}\" name=\"{cloud}\" time=\"{seconds:.3}\">\n{inner}{output}    </testcase>"
    );
}
