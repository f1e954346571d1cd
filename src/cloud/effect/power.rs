//! Servers are started and stopped.

use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle;
use crate::cloud::state::Cloud;

/// Starts the server that the path names.
pub fn start(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let clock = cloud.clock;
    lifecycle::start(visible(cloud, ask, false)?, &clock)?;
    ask.answer(None)
}

/// Stops the server that the path names.
pub fn stop(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let clock = cloud.clock;
    lifecycle::stop(visible(cloud, ask, false)?, &clock)?;
    ask.answer(None)
}
