//! The type of servers.

use super::action::end;
use super::advance::settle;
use super::listing::list;
use super::transition::DELETE;
use crate::cloud::network::view;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, Speaker, visible};
use crate::contract::Dialect;

pub const SERVERS: ResourceType = ResourceType {
    collection: "servers",
    owner: Owner::Project,
    missing: &[
        Missing { speaker: Speaker::Service("compute-v2"), ..Missing::any("Instance could not be found") },
        Missing::any("Instance {id} could not be found."),
    ],
    views: &[(Dialect::Nova, view::server)],
    // Servers get their links when they are shown.
    derive: |_, _| {},
    delete,
    advance: settle,
    list,
    ..ResourceType::PLAIN
};

fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = visible(cloud, ask, false)?;
    DELETE.allow(&found, ask.is_admin())?;
    drop(found);
    cloud.record_action(ask, ask.id(), DELETE.recorded);
    end(cloud, ask, &DELETE)
}
