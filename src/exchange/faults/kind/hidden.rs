//! What was created cannot be read yet: the write is answered before all hosts know of it.

use super::site::{Expectation, Site, id_told};
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

/// What was created cannot be read yet.
#[derive(Clone, Copy, Debug)]
pub struct HiddenFault {
    polls: u64,
}

impl HiddenFault {
    /// Reads `{polls: N}`: so many reads do not find it.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<HiddenFault, Diagnostic> {
        node.only(&["polls"])?;
        Ok(HiddenFault { polls: node.get("polls").map_or(Ok(1), Node::integer)? })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let answered = site.served();
        let id = id_told(&answered);
        let hidden = id.map_or(Expectation::Nothing, |id| Expectation::Hidden(id, self.polls));
        (answered, hidden)
    }
}
