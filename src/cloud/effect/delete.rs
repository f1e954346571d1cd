//! A resource less.

use super::aggregate::refuse_full;
use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::network::detach;
use crate::cloud::state::Cloud;

/// Takes the resource that the path names away, a server with its ports.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    if ask.collection() == "aggregates" {
        refuse_full(cloud, ask)?;
    }
    let id = visible(cloud, ask, false)?.id.clone();
    cloud.collection(ask.collection()).remove(&id);
    if ask.collection() == "servers" {
        detach(cloud, &id);
    }
    ask.answer(None)
}
