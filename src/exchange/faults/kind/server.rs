//! The server does not become active, or does not stay so.

use super::site::{Expectation, Site, id_told};
use crate::base::{Diagnostic, Node};
use crate::cloud::Affliction;
use crate::exchange::answered::Answered;

/// The server does not become active, or does not stay so.
#[derive(Clone, Debug)]
pub struct ServerFault {
    affliction: Affliction,
}

impl ServerFault {
    /// Reads `{fails: TEXT, after: POLLS}` (ERROR with that fault while it builds; with `after` so many polls later than ACTIVE), or
    /// `{stuck: true}` (BUILD for ever).
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<ServerFault, Diagnostic> {
        node.only(&["fails", "after", "stuck"])?;
        let fails = node.optional("fails")?;
        let after = node.get("after").map(Node::integer).transpose()?;
        let affliction = match (fails, after, node.get("stuck").map_or(Ok(false), Node::boolean)?) {
            (Some(message), None, false) => Affliction::Fails { message },
            (Some(message), Some(polls), false) => Affliction::FailsLater { message, polls },
            (None, None, true) => Affliction::Stuck,
            _ => return Err(node.expected("fails, fails and after, or stuck")),
        };
        Ok(ServerFault { affliction })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let answered = site.served();
        let id = id_told(&answered);
        let id = id.or_else(|| site.question().and_then(|question| question.parameters.first().cloned()));
        let Some(id) = id else { return (answered, Expectation::Nothing) };
        site.change(|cloud| cloud.afflict(&id, &self.affliction));
        let stops = !matches!(self.affliction, Affliction::Stuck);
        (answered, if stops { Expectation::StopAtError(id) } else { Expectation::Nothing })
    }
}
