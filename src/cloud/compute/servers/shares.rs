//! Shares of servers: as in a cloud without a service of shared file systems, there are none, and none can be had.
//! Source: nova/api/openstack/compute/server_shares.py, answers of nova 34.0.0.

use crate::base::json::Map;
use crate::cloud::store::{Cloud, Fault, Resource, VmState};
use crate::cloud::verb::{Answer, Ask, Missing, ResourceType};
use crate::contract::Code;

pub const SHARES: ResourceType = ResourceType {
    collection: "compute.shares",
    within: Some(of_server),
    missing: &[Missing::any("Share {id} could not be found.")],
    complete,
    delete,
    ..ResourceType::PLAIN
};

fn of_server(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    server(cloud, ask).map(drop)
}

fn server(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Resource, Fault> {
    let found = cloud.collection("servers").get(ask.id()).cloned();
    let seen = found.filter(|server| ask.sees(server));
    seen.ok_or_else(|| Fault::no_cell(ask.id()))
}

/// A server gets and gives back shares while it is off.
fn is_off(cloud: &mut Cloud, ask: &Ask<'_>, action: &str) -> Result<(), Fault> {
    let server = server(cloud, ask)?;
    VmState::allow(&server, action, &[VmState::Stopped])
}

fn complete(cloud: &mut Cloud, ask: &Ask<'_>, _: &mut Map) -> Result<(), Fault> {
    is_off(cloud, ask, "create share")?;
    const NO_SERVICE: &str = "Unexpected API Error. Please contact the administrator\n<class 'keystoneauth1.exceptions.catalog.EndpointNotFound'>";
    Err(Fault::new(Code::State, 500, NO_SERVICE))
}

fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    is_off(cloud, ask, "delete share")?;
    Err(ask.not_found())
}
