//! What the code decides upon of the flavor of a server: each field once. What a flavor does not say, it does not give.

use super::resource::Resource;
use crate::base::json::Value;

/// The copy of its flavor that a server keeps, as the code reads it.
#[derive(Clone, Copy, Debug)]
pub struct Flavor<'v>(&'v Value);

static NONE: Value = Value::Null;

impl<'v> Flavor<'v> {
    /// The copy itself.
    pub fn of(copy: &'v Value) -> Flavor<'v> {
        Flavor(copy)
    }

    /// That of `server`; a server without one takes nothing.
    pub fn of_server(server: &'v Resource) -> Flavor<'v> {
        Flavor(server.body.get("flavor").unwrap_or(&NONE))
    }

    fn number(self, field: &str) -> u64 {
        self.0.get(field).and_then(Value::as_u64).unwrap_or(0)
    }

    /// Virtual CPUs.
    pub fn vcpus(self) -> u64 {
        self.number("vcpus")
    }

    /// MiB of memory.
    pub fn ram(self) -> u64 {
        self.number("ram")
    }

    /// GiB of the disk that the image is copied to; 0: as large as the image.
    pub fn disk(self) -> u64 {
        self.number("disk")
    }

    /// GiB of the other disk.
    pub fn ephemeral(self) -> u64 {
        self.number("ephemeral")
    }

    /// GiB of both disks.
    pub fn disks(self) -> u64 {
        self.disk() + self.ephemeral()
    }

    /// MiB of swap.
    pub fn swap(self) -> u64 {
        self.number("swap")
    }

    /// The id of the flavor.
    pub fn id(self) -> Option<&'v str> {
        self.0.get("id")?.as_str()
    }

    /// The name that the flavor had.
    pub fn name(self) -> Option<&'v str> {
        self.0.get("original_name")?.as_str()
    }
}
