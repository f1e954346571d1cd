//! The matrix as a page for browsers.

use askama::Template;

use super::cell::{Cell, State};
use super::grid::{Matrix, Span};
use crate::report::page::{STYLE, policy};

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page<'m> {
    policy: String,
    style: &'static str,
    matrix: &'m Matrix,
    spans: Vec<Span<'m>>,
}

impl Page<'_> {
    /// The number of the span that tells about a cell that is not clean: of those of its client the last that begins before it.
    fn place(&self, cell: &Cell) -> Option<usize> {
        let row = |cloud: &str| self.matrix.clouds.iter().position(|own| own == cloud);
        let is_its = |span: &Span<'_>| span.cell.client == cell.client && row(&span.cell.cloud) <= row(&cell.cloud);
        let place = self.spans.iter().rposition(is_its)?;
        (cell.state() != State::Clean).then_some(place + 1)
    }
}

/// The table, and what is not clean with its verdict and output.
pub fn html(matrix: &Matrix) -> String {
    let page = Page { policy: policy(false), style: STYLE, matrix, spans: matrix.spans() };
    // Rendering to memory does not fail.
    page.render().unwrap_or_default()
}
