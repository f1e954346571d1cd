//! The token is not accepted any more: the service answers 401 in the middle of things.

use super::site::{Expectation, Site};
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

/// The token is not accepted any more.
#[derive(Clone, Copy, Debug)]
pub struct TokenFault {
    /// Has it ended for good? Otherwise it is refused this once, as by a service whose cache of tokens is stale.
    pub revoked: bool,
}

impl TokenFault {
    /// Reads `{revoked: true | false}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<TokenFault, Diagnostic> {
        node.only(&["revoked"])?;
        Ok(TokenFault { revoked: node.get("revoked").map_or(Ok(true), Node::boolean)? })
    }

    /// See [`super::FaultKind::strike`]; the ruling was made without the token.
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        (site.served(), Expectation::NewToken)
    }
}
