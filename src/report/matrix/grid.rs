//! The cells of a matrix, and what they come to together.

use super::cell::{Cell, State};
use crate::report::exit::{Cause, Exit};

/// Every cell, by cloud and then by client.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// The names of the clouds, in order.
    pub clouds: Vec<String>,
    /// The names of the clients, in order.
    pub clients: Vec<String>,
    /// A cell for each client in each cloud.
    pub cells: Vec<Cell>,
    /// Known failures of no cell, a line each.
    pub unused: Vec<String>,
}

/// Neighbouring clouds in which a client came to the same.
#[derive(Clone, Debug)]
pub struct Span<'m> {
    /// The first of their cells.
    pub cell: &'m Cell,
    /// The last cloud.
    pub last: &'m str,
}

impl Span<'_> {
    /// `rocky..2026.2`, or `rocky`.
    pub fn clouds(&self) -> String {
        match self.cell.cloud == self.last {
            true => self.last.to_owned(),
            false => format!("{}..{}", self.cell.cloud, self.last),
        }
    }
}

impl Matrix {
    /// The row of a cloud.
    pub fn row<'m>(&'m self, cloud: &'m str) -> impl Iterator<Item = &'m Cell> {
        self.cells.iter().filter(move |cell| cell.cloud == cloud)
    }

    /// What the worst cell ends it with: the first in the order of docs/exit-codes.md, of several commands the highest code.
    pub fn worst(&self) -> Option<Cause> {
        self.cells.iter().filter_map(Cell::ends_with).max_by_key(|cause| cause.weight())
    }

    /// `clean`, or the name of what the worst cell ends it with.
    pub fn name(&self) -> &'static str {
        self.worst().map_or(Exit::Clean.row().name, Cause::name)
    }

    /// The code to exit with. A matrix without cells tested nothing.
    pub fn exit_code(&self) -> i32 {
        match self.cells.is_empty() {
            true => Exit::NothingAsked.code(),
            false => self.worst().map_or(Exit::Clean.code(), Cause::code),
        }
    }

    /// Of each client, what is not clean, with neighbouring clouds put together that came to the same.
    pub fn spans(&self) -> Vec<Span<'_>> {
        let mut spans: Vec<Span<'_>> = Vec::new();
        for client in &self.clients {
            let mut before: Option<&Cell> = None;
            for cell in self.cells.iter().filter(|cell| cell.client == *client) {
                let is_same = |other: &Cell| (other.told(), other.told_reason()) == (cell.told(), cell.told_reason());
                match spans.last_mut().filter(|_| before.is_some_and(is_same)) {
                    _ if cell.state() == State::Clean => {}
                    Some(span) => span.last = &cell.cloud,
                    None => spans.push(Span { cell, last: &cell.cloud }),
                }
                before = Some(cell);
            }
        }
        spans
    }

    /// `26 clouds × 3 clients: 60 clean, 17 known, 1 failing`.
    pub fn counts(&self) -> String {
        let count = |state| self.cells.iter().filter(|cell| cell.state() == state).count();
        let counts = State::ALL.into_iter().map(|(state, name)| (count(state), name));
        let told: Vec<String> =
            counts.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}")).collect();
        let some = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        format!("{} × {}: {}", some(self.clouds.len(), "cloud"), some(self.clients.len(), "client"), told.join(", "))
    }
}
