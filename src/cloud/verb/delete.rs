//! Deletes a resource.

use super::ask::{Answer, Ask};
use super::forbidden::forbidden;
use super::show::visible;
use crate::cloud::store::{Cloud, Fault};

/// Deletes the resource that the path names, in the way of its type.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    (ask.resource_type().delete)(cloud, ask)
}

/// Takes the resource that the path names away, with what its type takes along.
pub fn remove(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = ask.resource_type();
    let found = visible(cloud, ask, false)?;
    if !ask.may_change(&found) {
        return Err(forbidden(ask, "delete"));
    }
    let id = found.id.clone();
    drop(found);
    (own.leave)(cloud, ask, &id)?;
    cloud.collection(ask.collection()).remove(&id);
    (own.follow)(cloud, &id);
    ask.answer(None)
}
