//! A server's end is set out on.

use crate::cloud::compute::servers::advance::settle;
use crate::cloud::compute::servers::lifecycle::set_out;
use crate::cloud::compute::servers::transition::Transition;
use crate::cloud::store::{Cloud, Fault, Next, Then};
use crate::cloud::verb::{Answer, Ask, visible};

/// The server's end: at once, or after a while.
pub fn end(cloud: &mut Cloud, ask: &Ask<'_>, row: &Transition) -> Result<Answer, Fault> {
    let (clock, pace) = (cloud.clock, ask.pace.unwrap_or(cloud.fixture.actions));
    let mut server = visible(cloud, ask, false)?;
    let is_ending = server.pending.is_some_and(|pending| pending.then == Then::Vanish);
    if !is_ending {
        set_out(&mut server, row.task, Then::Vanish, Next::default(), pace, &clock);
    }
    drop(server);
    settle(cloud, ask.id(), false);
    ask.answer(None)
}
