//! The states that administrators set of volumes, snapshots and backups, whatever is going on (cinder/api/contrib/admin_actions.py,
//! cinder/api/validation/validators.py).

use super::record::{STATUSES, Volume, VolumeStatus};
use crate::base::json::Value;
use crate::cloud::store::{Cloud, Fault, Held, stored_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// A field that may be set: its name, how Cinder calls it, what it may be, and whether Cinder prints that as a list.
struct Settable {
    field: &'static str,
    called: &'static str,
    values: &'static [&'static str],
    is_list: bool,
}

const OF_SNAPSHOTS: [Settable; 1] = [Settable {
    field: "status",
    called: "Snapshot status",
    values: &[
        "error",
        "available",
        "creating",
        "deleting",
        "deleted",
        "updating",
        "error_deleting",
        "unmanaging",
        "backing-up",
        "restoring",
    ],
    is_list: false,
}];

const OF_BACKUPS: [Settable; 1] =
    [Settable { field: "status", called: "Backup status", values: &["available", "error"], is_list: true }];

/// The names of all states but the last, which is in no list of Cinder's.
const VOLUME_STATUSES: [&str; STATUSES.len() - 1] = {
    let mut names = [""; STATUSES.len() - 1];
    let mut place = 0;
    while place < names.len() {
        names[place] = STATUSES[place].1;
        place += 1;
    }
    names
};

/// In the order in which Cinder checks them.
const OF_VOLUMES: [Settable; 3] = [
    Settable { field: "status", called: "Volume status", values: &VOLUME_STATUSES, is_list: false },
    Settable {
        field: "attach_status",
        called: "Volume attach status",
        values: &["attached", "detached"],
        is_list: true,
    },
    Settable {
        field: "migration_status",
        called: "Volume migration status",
        values: &["migrating", "error", "success", "completing", "none", "starting"],
        is_list: false,
    },
];

impl Settable {
    /// What is asked for, in lower case.
    fn lowered(&self, asked: &str) -> Result<String, Fault> {
        let value = asked.to_lowercase();
        if self.values.contains(&value.as_str()) {
            return Ok(value);
        }
        let valid = self.values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
        let valid = if self.is_list { format!("[{valid}]") } else { format!("({valid})") };
        let message = format!("{}: {asked} is invalid, valid statuses are: {valid}.", self.called);
        Err(Fault::new(Code::Choice, 400, message))
    }
}

/// Sets the states that are asked for.
pub fn reset_status(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (settable, is_volume): (&[Settable], bool) = match ask.collection() {
        "snapshots" => (&OF_SNAPSHOTS, false),
        "backups" => (&OF_BACKUPS, false),
        _ => (&OF_VOLUMES, true),
    };
    let fields = ask.fields();
    let mut asked = Vec::new();
    for own in settable {
        // Of a volume what is empty is not asked for.
        let text = fields.get(own.field).and_then(Value::as_str).filter(|text| !is_volume || !text.is_empty());
        asked.extend(text.map(|text| own.lowered(text)).transpose()?.map(|value| (own.field, value)));
    }
    if asked.is_empty() {
        let message = "Must specify 'status', 'attach_status' or 'migration_status' for update.";
        return Err(Fault::new(Code::Missing, 400, message));
    }
    let now = stored_time(cloud.clock.now());
    let mut resource = visible(cloud, ask, false)?;
    if is_volume {
        set_of_volume(&mut resource, &asked)?;
    } else {
        asked.into_iter().for_each(|(field, value)| resource.set(field, value));
    }
    resource.set("updated_at", now);
    drop(resource);
    ask.answer(None)
}

fn set_of_volume(volume: &mut Held<'_>, asked: &[(&'static str, String)]) -> Result<(), Fault> {
    let is_asked = |field: &str, value: &str| asked.iter().any(|(own, asked)| *own == field && asked == value);
    let refused = |why: &str| Err(Fault::new(Code::State, 400, format!("Cannot reset-state to {why}")));
    if is_asked("status", "deleting") {
        return refused("deleting");
    }
    if is_asked("status", "in-use") && Volume::of(&volume.body).attachments().is_empty() {
        return refused("in-use because volume does not have any attachments.");
    }
    // No answer shows whether it is attached but by its attachments.
    for (field, value) in asked.iter().filter(|(field, _)| *field != "attach_status") {
        let is_none = *field == "migration_status" && value == "none";
        volume.set(field, if is_none { Value::Null } else { value.as_str().into() });
    }
    // With its last attachment it is free, whatever else is asked for.
    if is_asked("attach_status", "detached") && !Volume::of(&volume.body).attachments().is_empty() {
        volume.set("attachments", Value::Array(Vec::new()));
        volume.set("status", VolumeStatus::Available.name());
    }
    Ok(())
}
