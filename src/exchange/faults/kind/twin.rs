//! There is already a resource of that name: somebody else, or an earlier attempt, made one.

use super::site::{Expectation, Site};
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

/// There is already a resource of that name.
#[derive(Clone, Copy, Debug)]
pub struct TwinFault;

impl TwinFault {
    /// Reads `{}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<TwinFault, Diagnostic> {
        node.only(&[])?;
        Ok(TwinFault)
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        site.responder.follow(site.contracts, site.call, site.ruling);
        (site.served(), Expectation::Nothing)
    }
}
