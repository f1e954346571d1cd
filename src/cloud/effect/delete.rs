//! A resource less.

use super::kind::{Kind, forbidden};
use super::show::visible;
use super::{Answer, Ask};
use crate::cloud::fault::Fault;
use crate::cloud::state::Cloud;

/// Takes the resource that the path names away, with what its kind takes along.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let resource = visible(cloud, ask, false)?.clone();
    if !ask.may_change(&resource) {
        return Err(forbidden(ask, "delete"));
    }
    if let Some(kind) = Kind::of(ask.collection()) {
        (kind.leave)(cloud, ask, &resource.id)?;
    }
    cloud.collection(ask.collection()).remove(&resource.id);
    ask.answer(None)
}
