//! What a request is answered with.

use super::events::Events;
use super::streamed::Streamed;
use crate::message::Response;

/// What a request is answered with.
#[derive(Debug)]
pub enum Answered {
    /// A response.
    Response(Response),
    /// A recording, which is read while it is sent.
    Recording(Streamed),
    /// What happens, as long as somebody listens.
    Events(Events),
}

impl From<Response> for Answered {
    fn from(response: Response) -> Answered {
        Answered::Response(response)
    }
}
