//! A resource less.

use super::aggregate::refuse_full;
use super::service::refuse_busy;
use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::network::detach;
use crate::cloud::state::Cloud;
use crate::contract::Dialect;

/// Takes the resource that the path names away, a server with its ports.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    match ask.collection() {
        "aggregates" => refuse_full(cloud, ask)?,
        "services" => refuse_busy(cloud, ask)?,
        _ => {}
    }
    let id = visible(cloud, ask, false)?.id.clone();
    cloud.collection(ask.collection()).remove(&id);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity();
    }
    if ask.collection() == "servers" {
        detach(cloud, &id);
    }
    ask.answer(None)
}
