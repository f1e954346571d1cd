//! Where an administrator means: a host or a cluster, and the services there (cinder/api/common.py, cinder/volume/api.py).

use super::refusals::{invalid_input, no_host};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// The collection of Cinder's services: Nova has one of that name.
pub const SERVICES: &str = "volume.services";

/// The binary of the service that has volumes.
pub const VOLUME_SERVICE: &str = "cinder-volume";

/// A host or a cluster.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The host of this name.
    Host(&'a str),
    /// The cluster of this name.
    Cluster(&'a str),
}

impl<'a> Place<'a> {
    /// The one that is named; from `3.since` on it may be a cluster. An empty name is none.
    ///
    /// # Errors
    /// None is named, or both.
    pub fn of(ask: &Ask<'_>, host: Option<&'a str>, cluster: Option<&'a str>, since: u32) -> Result<Place<'a>, Fault> {
        let [host, cluster] = [host, cluster].map(|name| name.filter(|name| !name.is_empty()));
        match (host, cluster, ask.version.is_since(3, since)) {
            (Some(host), None, _) | (Some(host), _, false) => Ok(Place::Host(host)),
            (None, Some(cluster), true) => Ok(Place::Cluster(cluster)),
            (_, _, true) => Err(invalid_input("One and only one of cluster and host must be set.")),
            (None, _, false) => Err(no_host()),
        }
    }

    /// Is `service` there? A host may be named with its backend or without.
    pub fn has(self, service: &Resource) -> bool {
        match self {
            Place::Host(host) => is_on(service, host),
            // A service that is in no cluster does not name one.
            Place::Cluster(cluster) => service.text("cluster") == cluster,
        }
    }
}

/// Is `service` on the host of that name, or on one of its backends?
pub fn is_on(service: &Resource, host: &str) -> bool {
    service.text("host").strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
}

/// The service that has the volumes of a place, which is enabled.
///
/// # Errors
/// There is none, or it is disabled.
pub fn volume_service<'c>(cloud: &'c mut Cloud, place: Place<'_>) -> Result<&'c Resource, Fault> {
    let missing = || match place {
        Place::Host(host) => {
            Fault::not_found(format!("Service {VOLUME_SERVICE} could not be found on host {}.", backend(host)))
        }
        Place::Cluster(_) => Fault::not_found(format!("Service {VOLUME_SERVICE} could not be found.")),
    };
    let is_it = |own: &&Resource| {
        own.text("binary") == VOLUME_SERVICE
            && match place {
                Place::Host(host) => own.text("host") == backend(host),
                Place::Cluster(_) => place.has(own),
            }
    };
    let found = cloud.collection(SERVICES).iter().find(is_it).ok_or_else(missing)?;
    match found.text("status") {
        "disabled" => Err(Fault::new(Code::State, 400, "Service is unavailable at this time.")),
        _ => Ok(found),
    }
}

/// A host without its pool.
fn backend(host: &str) -> &str {
    host.split_once('#').map_or(host, |(backend, _)| backend)
}
