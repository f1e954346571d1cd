//! A server's end is set out on.

use super::more::{More, server};
use crate::cloud::compute::servers::advance::settle;
use crate::cloud::compute::servers::boot::limits;
use crate::cloud::compute::servers::lifecycle::set_out;
use crate::cloud::compute::servers::transition::Transition;
use crate::cloud::store::{Caller, Cloud, Fault, Flavor, Next, Then, VmState};
use crate::cloud::verb::{Answer, Ask, visible};

/// The server's end: at once, or after a while.
pub fn end(cloud: &mut Cloud, ask: &Ask<'_>, row: &Transition) -> Result<Answer, Fault> {
    let (clock, pace) = (cloud.clock, ask.pace.unwrap_or(cloud.fixture.actions));
    let mut server = visible(cloud, ask, false)?;
    let is_ending = server.pending.is_some_and(|pending| pending.then == Then::Vanish);
    // One that is put aside ends at once when it is forced to.
    if !is_ending || VmState::of(&server) == VmState::SoftDeleted {
        set_out(&mut server, row.task, Then::Vanish, Next::default(), pace, &clock);
    }
    drop(server);
    settle(cloud, ask.id(), false);
    ask.answer(None)
}

/// The server is deleted, and can be restored for a while.
pub fn put_aside(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (clock, pace) = (cloud.clock, ask.pace.unwrap_or(cloud.fixture.actions));
    let mut server = visible(cloud, ask, false)?;
    set_out(&mut server, Some("soft-deleting"), Then::Note(VmState::SoftDeleted), Next::default(), pace, &clock);
    drop(server);
    settle(cloud, ask.id(), false);
    ask.answer(None)
}

/// What was deleted comes back, if the quotas of its project have room for it.
pub fn restore(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<More, Fault> {
    let own = server(cloud, ask)?;
    let owner = Caller { project: own.project.clone(), ..Caller::default() };
    let flavor = own.body["flavor"].clone();
    limits::quota(cloud, &owner, Flavor::of(&flavor), (1, 1)).map(|_| More::default())
}
