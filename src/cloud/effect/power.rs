//! Servers are started and stopped.

use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::collection::Held;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle;
use crate::cloud::state::Cloud;

/// Starts the server that the path names.
pub fn start(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let clock = cloud.clock;
    lifecycle::start(&mut *mapped(cloud, ask)?, &clock)?;
    ask.answer(None)
}

/// Stops the server that the path names.
pub fn stop(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let clock = cloud.clock;
    lifecycle::stop(&mut *mapped(cloud, ask)?, &clock)?;
    ask.answer(None)
}

/// The server that the path names. Nova looks for its cell first, and says so if no cell ever had it.
fn mapped<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Held<'c>, Fault> {
    if cloud.collection(ask.collection()).get(ask.id()).is_none() {
        return Err(Fault::not_found(format!("Instance {} has no mapping to a cell.", ask.id())));
    }
    visible(cloud, ask, false)
}
