//! What the code decides upon of an image: each field once, with what its absence means.

use crate::base::json::{Map, Value};
use crate::base::{name_in, named_in};

/// An image as the code reads it.
#[derive(Clone, Copy, Debug)]
pub struct Image<'f>(&'f Map);

/// Glance's states of an image (glance/api/v2/images.py).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageStatus {
    /// It waits for its contents.
    Queued,
    /// Its contents arrive.
    Saving,
    /// Its contents arrive to be imported.
    Uploading,
    /// Its contents are imported.
    Importing,
    /// It is there.
    Active,
    /// Only administrators get its contents.
    Deactivated,
    /// Its contents did not arrive.
    Killed,
    /// It is gone.
    Deleted,
    /// It goes after a while.
    PendingDelete,
}

/// Each state and Glance's name for it.
pub const STATUSES: [(ImageStatus, &str); 9] = [
    (ImageStatus::Queued, "queued"),
    (ImageStatus::Saving, "saving"),
    (ImageStatus::Uploading, "uploading"),
    (ImageStatus::Importing, "importing"),
    (ImageStatus::Active, "active"),
    (ImageStatus::Deactivated, "deactivated"),
    (ImageStatus::Killed, "killed"),
    (ImageStatus::Deleted, "deleted"),
    (ImageStatus::PendingDelete, "pending_delete"),
];

impl ImageStatus {
    /// Glance's name for it.
    pub fn name(self) -> &'static str {
        name_in(&STATUSES, self)
    }
}

/// Who sees an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All.
    Public,
    /// All who ask for it.
    Community,
    /// Its project, and those that it is shared with.
    Shared,
    /// Its project.
    Private,
}

/// Each of them and Glance's name for it.
pub const VISIBILITIES: [(Visibility, &str); 4] = [
    (Visibility::Public, "public"),
    (Visibility::Community, "community"),
    (Visibility::Shared, "shared"),
    (Visibility::Private, "private"),
];

impl Visibility {
    /// Glance's name for it.
    pub fn name(self) -> &'static str {
        name_in(&VISIBILITIES, self)
    }

    /// May every project use the image?
    pub fn is_for_all(self) -> bool {
        matches!(self, Visibility::Public | Visibility::Community)
    }
}

impl<'f> Image<'f> {
    /// The image with these fields.
    pub fn of(fields: &'f Map) -> Image<'f> {
        Image(fields)
    }

    fn text(self, field: &str) -> Option<&'f str> {
        self.0.get(field)?.as_str()
    }

    fn number(self, field: &str) -> Option<u64> {
        self.0.get(field)?.as_u64()
    }

    /// Its state. One of a fixture that has none is active, which is also what the contract shows.
    pub fn status(self) -> ImageStatus {
        self.text("status").and_then(|name| named_in(&STATUSES, name)).unwrap_or(ImageStatus::Active)
    }

    /// Who sees it; `None`: it does not say, and is seen as its owner is.
    pub fn visibility(self) -> Option<Visibility> {
        named_in(&VISIBILITIES, self.text("visibility")?)
    }

    /// The bytes of its contents; `None`: unknown, which limits nothing.
    pub fn size(self) -> Option<u64> {
        self.number("size")
    }

    /// The MiB that it needs; without the field any number will do.
    pub fn min_ram(self) -> u64 {
        self.number("min_ram").unwrap_or(0)
    }

    /// The GiB that it needs; without the field any number will do.
    pub fn min_disk(self) -> u64 {
        self.number("min_disk").unwrap_or(0)
    }

    /// May it not be deleted? Without the field it may.
    pub fn is_protected(self) -> bool {
        self.0.get("protected") == Some(&Value::Bool(true))
    }

    /// Are its contents the disk itself? Then they are as long as the disk.
    pub fn is_raw(self) -> bool {
        self.text("disk_format") == Some("raw")
    }

    /// The server that it was made of, if it was.
    pub fn server(self) -> Option<&'f str> {
        self.text("instance_uuid")
    }

    /// The kind of backup that it is, if it is one.
    pub fn backup_type(self) -> Option<&'f str> {
        self.text("backup_type")
    }
}
