//! What the code knows of a server, a port or an image beside the fields that services show.

use std::sync::Arc;

use crate::base::json::{Map, Value};
use crate::message::Contents;

/// What the code knows of a resource beside its fields.
#[derive(Clone, Debug, Default)]
pub enum Record {
    /// Nothing.
    #[default]
    None,
    /// Of a server.
    Server(Box<Server>),
    /// Of a port.
    Port(Box<Port>),
    /// Of an image: what was uploaded.
    Contents(Box<Contents>),
}

/// What the code knows of a server.
#[derive(Clone, Debug, Default)]
pub struct Server {
    /// What it shows while it has a host; kept while it has none.
    pub placement: Option<Box<Placement>>,
    /// What it gets when the pending change is complete.
    pub next: Next,
    /// The flavor that a resize left, which a revert brings back.
    pub old_flavor: Option<Value>,
    /// The image that it is shelved as.
    pub shelved_image: Option<String>,
    /// Its migrations, the oldest first.
    pub migrations: Vec<String>,
    /// Is its root disk a volume?
    pub boots_from_volume: bool,
    /// The MiB of memory that its image needs.
    pub min_ram: u64,
    /// The GiB of disk that its image needs, which are at least those of the flavor that it was booted with.
    pub min_disk: u64,
}

/// What a server gets when its pending change is complete.
#[derive(Clone, Debug, Default)]
pub struct Next {
    /// Fields that change.
    pub fields: Map,
    /// The flavor that it leaves.
    pub old_flavor: Option<Value>,
}

/// Where a server is.
#[derive(Clone, Debug)]
pub struct Placement {
    /// The compute host.
    pub host: Arc<str>,
    /// Its name as the hypervisor's.
    pub hypervisor_hostname: Arc<str>,
    /// The host as users see it: a digest.
    pub host_id: Box<str>,
    /// Whether the host is up.
    pub host_status: Arc<str>,
    /// The availability zone.
    pub availability_zone: Arc<str>,
}

/// What the code knows of a port.
#[derive(Clone, Debug, Default)]
pub struct Port {
    /// Was it made for its server, and goes with it?
    pub made_by_nova: bool,
    /// The tag of the interface, which Nova knows and Neutron does not.
    pub tag: Option<String>,
}

impl Record {
    /// That of a server.
    pub fn server(&self) -> Option<&Server> {
        match self {
            Record::Server(server) => Some(server),
            _ => None,
        }
    }

    /// That of a server, to be changed.
    pub fn server_mut(&mut self) -> Option<&mut Server> {
        match self {
            Record::Server(server) => Some(server),
            _ => None,
        }
    }

    /// That of an image.
    pub fn contents(&self) -> Option<&Contents> {
        match self {
            Record::Contents(contents) => Some(contents),
            _ => None,
        }
    }

    /// That of a port.
    pub fn port(&self) -> Option<&Port> {
        match self {
            Record::Port(port) => Some(port),
            _ => None,
        }
    }
}
