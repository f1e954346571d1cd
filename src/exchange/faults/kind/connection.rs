//! The connection ends before the answer does.

use super::site::{Expectation, Site, id_told};
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;
use crate::message::{Delivery, Interruption, Response, UpstreamFailure};

/// The connection ends before the answer does.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionFault {
    interruption: Interruption,
    served: bool,
}

/// The bytes of a body that arrive before it is cut, unless another number is given.
const SOME: usize = 10;

impl ConnectionFault {
    /// Reads `{ends: reset | close | cut, bytes: N, served: true}`: with `served` the cloud has done what was asked; a body can be cut
    /// only then.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<ConnectionFault, Diagnostic> {
        node.only(&["ends", "bytes", "served"])?;
        let bytes = node.get("bytes").map(Node::integer).transpose()?;
        let bytes = bytes.map_or(SOME, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        let ends = [("reset", Interruption::Reset), ("close", Interruption::Close), ("cut", Interruption::Cut(bytes))];
        let interruption = node.required("ends")?.choice(&ends)?;
        let served = node.get("served").map_or(Ok(false), Node::boolean)?;
        Ok(ConnectionFault { interruption, served: served || matches!(interruption, Interruption::Cut(_)) })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let answered = if self.served { site.served() } else { site.instead(Response::empty(503)) };
        let made = id_told(&answered).filter(|_| site.is_create());
        let expectation = made.map_or(Expectation::Retry(None), Expectation::NoSecond);
        let delivery = Delivery { interruption: Some(self.interruption), ..Delivery::default() };
        let failure = match self.interruption {
            Interruption::Cut(_) => UpstreamFailure::Truncated,
            Interruption::Reset | Interruption::Close => UpstreamFailure::Reset,
        };
        let response = Response { delivery: Some(Box::new(delivery)), ..answered.response };
        (Answered { response, failure: Some(failure), ..answered }, expectation)
    }
}
