//! A resource less.

use super::ask::{Answer, Ask};
use super::forbidden;
use super::show::visible;
use crate::cloud::compute::DELETE;
use crate::cloud::compute::servers::action::end;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::table::hooks_of;
use crate::contract::Dialect;

/// Takes the resource that the path names away, with what its kind takes along.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let found = visible(cloud, ask, false)?;
    if ask.collection() == "servers" {
        DELETE.allow(&found, ask.is_admin())?;
        drop(found);
        cloud.note(ask, ask.id(), DELETE.noted);
        return end(cloud, ask, &DELETE);
    }
    if !ask.may_change(&found) {
        return Err(forbidden(ask, "delete"));
    }
    let id = found.id.clone();
    drop(found);
    (hooks_of(ask.collection()).leave)(cloud, ask, &id)?;
    cloud.collection(ask.collection()).remove(&id);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity(ask.collection(), &id);
    }
    ask.answer(None)
}
