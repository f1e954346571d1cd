//! The answer is slow: late, or in small pieces.

use std::time::Duration;

use super::site::{Expectation, Site};
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;
use crate::message::{Delivery, Drip};

/// The answer is slow.
#[derive(Clone, Copy, Debug)]
pub struct PaceFault {
    delay: Option<Duration>,
    drip: Option<Drip>,
}

impl PaceFault {
    /// Reads `{delay: SECONDS}`, or `{bytes: N, pause: SECONDS}` for a body in pieces of N bytes.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<PaceFault, Diagnostic> {
        node.only(&["delay", "bytes", "pause"])?;
        let delay = node.get("delay").map(seconds).transpose()?;
        let pause = node.get("pause").map(seconds).transpose()?;
        let bytes = node.get("bytes").map(Node::integer).transpose()?;
        let drip = match (bytes, pause) {
            (None, None) => None,
            (bytes, pause) => Some(Drip {
                bytes: usize::try_from(bytes.unwrap_or(1)).unwrap_or(usize::MAX).max(1),
                pause: pause.unwrap_or(Duration::from_millis(100)),
            }),
        };
        match (delay, drip) {
            (None, None) => Err(node.expected("delay, or bytes and pause")),
            _ => Ok(PaceFault { delay, drip }),
        }
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let mut answered = site.served();
        let delivery = Delivery { delay: self.delay, drip: self.drip, interruption: None };
        answered.response.delivery = Some(Box::new(delivery));
        (answered, Expectation::Nothing)
    }
}

/// A number of seconds, at most an hour: nobody waits longer for an answer.
fn seconds(node: &Node) -> Result<Duration, Diagnostic> {
    let read = node.to_json().as_f64().filter(|seconds| (0.0..=3600.0).contains(seconds));
    read.map(Duration::from_secs_f64).ok_or_else(|| node.expected("a number of seconds up to 3600, such as 0.5"))
}
