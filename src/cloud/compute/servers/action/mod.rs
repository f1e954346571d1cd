//! The actions of servers. The table in `transition.rs` says when they are allowed and which state follows; everything else an action
//! looks up and changes is here.

mod console;
mod end;
mod host;
mod lock;
mod migration;
mod more;
mod payload;
mod rebuild;
mod resize;
mod snapshot;

use crate::base::json::Value;
use crate::cloud::compute::servers::action::more::{More, server};
use crate::cloud::compute::servers::action::payload::Payload;
use crate::cloud::compute::servers::advance::settle;
use crate::cloud::compute::servers::lifecycle::set_out;
use crate::cloud::compute::servers::transition::{HARD_REBOOT, Transition};
use crate::cloud::store::{Cloud, Fault, Pace, Then, VmState};
use crate::cloud::verb::{Answer, Ask, shown_fields, visible, wrapped};
use crate::contract::{Code, ServerAction};

pub use crate::cloud::compute::servers::action::end::{end, put_aside};
pub use crate::cloud::compute::servers::action::migration::confirm as confirm_migration;
pub use crate::cloud::compute::servers::action::migration::forget as forget_migration;
pub use crate::cloud::compute::servers::action::snapshot::forget_shelved;

/// Performs an action on the server in the path.
pub fn action(cloud: &mut Cloud, ask: &Ask<'_>, action: ServerAction) -> Result<Answer, Fault> {
    let payload = Payload::of(ask.body);
    let row = row(action, payload)?;
    find(cloud, ask, row)?;
    ask.permitted()?;
    host::check_first(cloud, ask, action, payload)?;
    row.allow(server(cloud, ask)?, ask.is_admin())?;
    let more = more(cloud, ask, action, payload)?;
    if more.nothing {
        return ask.answer(None);
    }
    cloud.record_action(ask, ask.id(), row.recorded);
    if row.then(server(cloud, ask)?) == Then::Vanish {
        return end(cloud, ask, row);
    }
    migration::note(cloud, ask, action)?;
    carry_out(cloud, ask, row, more)
}

/// The row that is meant: a hard reboot has one of its own.
fn row(action: ServerAction, payload: Payload<'_>) -> Result<&'static Transition, Fault> {
    let is_hard =
        action == ServerAction::Reboot && payload.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("hard"));
    let row = if is_hard { Some(&HARD_REBOOT) } else { Transition::of(action) };
    row.ok_or_else(|| Fault::new(Code::NotSimulated, 501, format!("mockstack does not simulate {action:?}.")))
}

/// Some actions look for the cell of the server first, and say so if no cell ever had it.
fn find(cloud: &mut Cloud, ask: &Ask<'_>, row: &Transition) -> Result<(), Fault> {
    let is_known = cloud.collection(ask.collection()).get(ask.id()).is_some() || cloud.history.gone(ask.id()).is_some();
    if row.mapped && !is_known && !ask.service.classic {
        return Err(Fault::no_cell(ask.id()));
    }
    visible(cloud, ask, false).map(drop)
}

fn more(cloud: &mut Cloud, ask: &Ask<'_>, action: ServerAction, payload: Payload<'_>) -> Result<More, Fault> {
    match action {
        ServerAction::Restore => end::restore(cloud, ask),
        ServerAction::Lock => lock::lock(cloud, ask, payload),
        ServerAction::Unlock => lock::unlock(cloud, ask),
        ServerAction::Resize => resize::resize(cloud, ask, payload),
        ServerAction::Migrate => resize::migrate(cloud, ask, payload),
        ServerAction::RevertResize => resize::revert(cloud, ask),
        ServerAction::Rebuild => rebuild::rebuild(cloud, ask, payload),
        ServerAction::Rescue => rebuild::rescue(cloud, ask, payload),
        ServerAction::Evacuate => host::evacuate(cloud, ask, payload),
        ServerAction::Unshelve => host::unshelve(cloud, ask, payload),
        ServerAction::Shelve => snapshot::shelve(cloud, ask),
        ServerAction::CreateImage => snapshot::create_image(cloud, ask, payload),
        ServerAction::CreateBackup => snapshot::create_backup(cloud, ask, payload),
        ServerAction::ConsoleOutput => Ok(console::output(payload)),
        ServerAction::Console => console::open(cloud, payload),
        ServerAction::ResetState => Ok(reset(payload)),
        _ => Ok(More::default()),
    }
}

/// The state is set by hand, whatever it was.
fn reset(payload: Payload<'_>) -> More {
    let vm = if payload.text("state") == Some("active") { VmState::Active } else { VmState::Error };
    More { then: Some(Then::Note(vm)), ..More::default() }
}

fn carry_out(cloud: &mut Cloud, ask: &Ask<'_>, row: &Transition, more: More) -> Result<Answer, Fault> {
    let (clock, pace) = (cloud.clock, ask.pace.unwrap_or(cloud.fixture.actions));
    let mut server = visible(cloud, ask, false)?;
    more.now.into_iter().for_each(|(field, value)| server.set(&field, value));
    if let (Some(image), Some(own)) = (more.shelved_image, server.record.server_mut()) {
        own.shelved_image = Some(image);
    }
    let changes = row.task.is_some()
        || more.then.is_some()
        || !more.next.fields.is_empty()
        || row.then(&server) != Then::Note(VmState::of(&server));
    if changes {
        let then = more.then.unwrap_or_else(|| row.then(&server));
        let pace = if row.task.is_some() { pace } else { Pace::Polls(0) };
        set_out(&mut server, row.task, then, more.next, pace, &clock);
    }
    drop(server);
    settle(cloud, ask.id(), false);
    let mut reply = more.reply;
    if more.shows_server {
        let mut body = shown_fields(cloud, ask);
        body.extend(reply.take().into_iter().flatten());
        let Value::Object(shown) = wrapped(ask, Value::Object(body)) else { return ask.answer(None) };
        reply = Some(shown);
    }
    let is_told_by_header = reply.is_none();
    let answer = ask.answer(reply.map(Value::Object))?;
    Ok(match more.location.map(|location| ask.base.resolve(&location)) {
        // Such an answer is made by hand in Nova, and its type is webob's own.
        Some(location) if is_told_by_header => {
            let answer = Answer::empty(answer.status).with("Content-Type", "text/html; charset=UTF-8");
            answer.with("Location", location)
        }
        Some(location) => answer.with("location", location),
        None => answer,
    })
}
