//! Failures that are known, each with its reason: a file of the user's.

use super::cell::Cell;
use super::grid::Matrix;
use crate::base::{Diagnostic, Node, Place};

/// The known failures of a file.
#[derive(Clone, Debug, Default)]
pub struct Known(Vec<KnownFailure>);

/// A client that is known to fail in some clouds.
#[derive(Clone, Debug)]
pub struct KnownFailure {
    client: String,
    /// The names of the clouds.
    clouds: Vec<String>,
    /// The verdict that is known, if another is not.
    verdict: Option<String>,
    reason: String,
    place: Place,
}

impl Known {
    /// Reads a list of `{client, clouds, verdict, reason}`; `clouds_of` are the clouds that an entry of `clouds` names.
    ///
    /// # Errors
    /// An entry is not one, or names no cloud.
    pub fn read(file: &Node, clouds_of: impl Fn(&str) -> Result<Vec<String>, Diagnostic>) -> Result<Known, Diagnostic> {
        file.items()?.iter().map(|row| KnownFailure::read(row, &clouds_of)).collect::<Result<_, _>>().map(Known)
    }

    /// Marks the cells of `matrix` that are known to fail, and tells which entries are of none of its clients.
    pub fn mark(&self, matrix: &mut Matrix) {
        for cell in &mut matrix.cells {
            cell.known = self.0.iter().find(|own| own.covers(cell)).map(|own| own.reason.clone());
        }
        let strangers = self.0.iter().filter(|own| !matrix.clients.contains(&own.client));
        let told =
            |own: &KnownFailure| format!("known failure of {}, which is no client here ({})", own.client, own.place);
        matrix.unused = strangers.map(told).collect();
    }
}

impl KnownFailure {
    fn read(
        row: &Node,
        clouds_of: impl Fn(&str) -> Result<Vec<String>, Diagnostic>,
    ) -> Result<KnownFailure, Diagnostic> {
        row.only(&["client", "clouds", "verdict", "reason"])?;
        let text = |key: &str| row.required_text(key);
        let (reason, clouds) = (row.required("reason")?, row.required("clouds")?);
        if reason.text()?.trim().is_empty() {
            return Err(reason.expected("why it fails, in a line"));
        }
        let named = clouds.text()?.split(',').map(|name| clouds_of(name.trim()).map_err(|told| told.at(&clouds.place)));
        let clouds = named.collect::<Result<Vec<_>, _>>()?.concat();
        let verdict = row.optional("verdict")?;
        Ok(KnownFailure { client: text("client")?, clouds, verdict, reason: text("reason")?, place: row.place.clone() })
    }

    /// Is it the failure of that cell? One that does not fail is stale.
    fn covers(&self, cell: &Cell) -> bool {
        let is_it = |verdict: &String| cell.cause.is_none() || verdict == cell.name();
        self.client == cell.client && self.clouds.contains(&cell.cloud) && self.verdict.as_ref().is_none_or(is_it)
    }
}
