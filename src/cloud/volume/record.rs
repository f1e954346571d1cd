//! What the code decides upon of a volume, a snapshot and an attachment: each field once, with what its absence means.

use crate::base::json::{Map, Value};
use crate::base::{name_in, named_in, truth};

/// Cinder's states of a volume, as it names them (cinder/objects/fields.py).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeStatus {
    Creating,
    Available,
    Reserved,
    Attaching,
    Detaching,
    InUse,
    Maintenance,
    Deleting,
    AwaitingTransfer,
    Error,
    ErrorDeleting,
    BackingUp,
    RestoringBackup,
    Reverting,
    ErrorBackingUp,
    ErrorRestoring,
    ErrorExtending,
    Downloading,
    Uploading,
    Retyping,
    Extending,
    Managing,
    ErrorManaging,
}

/// Each state and Cinder's name for it, in the order in which Cinder lists them (cinder/objects/fields.py); what is not in its list comes last.
pub const STATUSES: [(VolumeStatus, &str); 23] = [
    (VolumeStatus::Creating, "creating"),
    (VolumeStatus::Available, "available"),
    (VolumeStatus::Deleting, "deleting"),
    (VolumeStatus::Error, "error"),
    (VolumeStatus::ErrorDeleting, "error_deleting"),
    (VolumeStatus::ErrorManaging, "error_managing"),
    (VolumeStatus::Managing, "managing"),
    (VolumeStatus::Attaching, "attaching"),
    (VolumeStatus::InUse, "in-use"),
    (VolumeStatus::Detaching, "detaching"),
    (VolumeStatus::Maintenance, "maintenance"),
    (VolumeStatus::RestoringBackup, "restoring-backup"),
    (VolumeStatus::ErrorRestoring, "error_restoring"),
    (VolumeStatus::Reserved, "reserved"),
    (VolumeStatus::AwaitingTransfer, "awaiting-transfer"),
    (VolumeStatus::BackingUp, "backing-up"),
    (VolumeStatus::ErrorBackingUp, "error_backing-up"),
    (VolumeStatus::ErrorExtending, "error_extending"),
    (VolumeStatus::Downloading, "downloading"),
    (VolumeStatus::Uploading, "uploading"),
    (VolumeStatus::Retyping, "retyping"),
    (VolumeStatus::Extending, "extending"),
    (VolumeStatus::Reverting, "reverting"),
];

impl VolumeStatus {
    /// Cinder's name for it.
    pub fn name(self) -> &'static str {
        name_in(&STATUSES, self)
    }

    /// Did something go wrong?
    pub fn is_error(self) -> bool {
        self.name().starts_with("error")
    }
}

/// A volume as the code reads it.
#[derive(Clone, Copy, Debug)]
pub struct Volume<'f>(&'f Map);

impl<'f> Volume<'f> {
    /// The volume with these fields.
    pub fn of(fields: &'f Map) -> Volume<'f> {
        Volume(fields)
    }

    /// Its state; `None`: an administrator has set one that Cinder does not have.
    pub fn status(self) -> Option<VolumeStatus> {
        named_in(&STATUSES, self.status_name())
    }

    /// The name of its state. One of a fixture that has none is available, which is also what the contract shows.
    pub fn status_name(self) -> &'f str {
        self.0.get("status").and_then(Value::as_str).unwrap_or(VolumeStatus::Available.name())
    }

    /// May it be taken, detached, made larger?
    pub fn is_available(self) -> bool {
        self.status() == Some(VolumeStatus::Available)
    }

    /// Its GiB; `None`: a fixture does not say.
    pub fn size(self) -> Option<u64> {
        number(self.0.get("size")?)
    }

    /// Can a server start from it? `None`: a fixture does not say.
    pub fn is_bootable(self) -> Option<bool> {
        match self.0.get("bootable")? {
            Value::String(word) => truth(word),
            other => other.as_bool(),
        }
    }

    /// May several servers have it? Without the field one may.
    pub fn is_multiattach(self) -> bool {
        self.0.get("multiattach") == Some(&Value::Bool(true))
    }

    /// What Cinder lists of the servers that have it.
    pub fn attachments(self) -> &'f [Value] {
        self.0.list("attachments")
    }

    /// The servers that have it.
    pub fn servers(self) -> impl Iterator<Item = &'f str> {
        self.attachments().iter().filter_map(|attachment| attachment.get("server_id")?.as_str())
    }

    /// What it keeps of the image that it was made of, if it was.
    pub fn image_metadata(self) -> Option<&'f Value> {
        self.0.get("volume_image_metadata")
    }

    /// The name of its type, if it has one.
    pub fn volume_type(self) -> Option<&'f str> {
        self.0.get("volume_type")?.as_str()
    }
}

/// A snapshot of a volume as the code reads it.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'f>(&'f Map);

impl<'f> Snapshot<'f> {
    /// The snapshot with these fields.
    pub fn of(fields: &'f Map) -> Snapshot<'f> {
        Snapshot(fields)
    }

    /// The volume that it was made of, which may be gone; `None`: a fixture does not say.
    pub fn volume(self) -> Option<&'f str> {
        self.0.get("volume_id")?.as_str()
    }

    /// The name of its state. One of a fixture that has none is available, which is also what the contract shows.
    pub fn status_name(self) -> &'f str {
        self.0.get("status").and_then(Value::as_str).unwrap_or("available")
    }

    /// The snapshot of a group that it is a part of, if it is one.
    pub fn group_snapshot(self) -> Option<&'f str> {
        self.0.get("group_snapshot_id")?.as_str()
    }

    /// The GiB of the volume that it was made of; `None`: a fixture does not say.
    pub fn size(self) -> Option<u64> {
        number(self.0.get("size")?)
    }
}

/// The field of a server that lists its volumes. Each entry holds every form of every field of an attachment.
pub const ATTACHED: &str = "os-extended-volumes:volumes_attached";

/// What a server lists of one of its volumes.
#[derive(Clone, Copy, Debug)]
pub struct Attached<'f>(&'f Value);

impl<'f> Attached<'f> {
    /// What a server with these fields lists of its volumes.
    pub fn all(server: &'f Map) -> impl Iterator<Item = Attached<'f>> {
        server.list(ATTACHED).iter().map(Attached)
    }

    /// What it lists of `volume`.
    pub fn find(server: &'f Map, volume: &str) -> Option<Attached<'f>> {
        Attached::all(server).find(|attached| attached.volume() == Some(volume))
    }

    /// The volume; `None`: the entry of a fixture does not say.
    pub fn volume(self) -> Option<&'f str> {
        self.0.get("id")?.as_str()
    }

    /// Its device in the guest; `None`: the entry of a fixture does not say, and takes none.
    pub fn device(self) -> Option<&'f str> {
        self.0.get("device")?.as_str()
    }

    /// Does the server start from it? Without the field it does not.
    pub fn is_root(self) -> bool {
        self.0.get("is_root") == Some(&Value::Bool(true))
    }

    /// Does the volume end with the server? Without the field it stays.
    pub fn ends_with_server(self) -> bool {
        self.0.get("delete_on_termination") == Some(&Value::Bool(true))
    }

    /// A field as it is shown; null if it is not there.
    pub fn shown(self, field: &str) -> &'f Value {
        &self.0[field]
    }
}

/// A number, which clients may send as a text; `None`: it is neither.
pub fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}
