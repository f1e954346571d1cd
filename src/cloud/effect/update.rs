//! Changed fields of a resource.

use serde_json::json;

use super::show::{visible, wrapped};
use super::{Answer, Ask};
use crate::cloud::derived::derive;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::stored_time;
use crate::cloud::state::Cloud;
use crate::contract::Dialect;

/// Changes the fields that the body names; the contract has let only the right ones pass.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let kind = ask.kind()?;
    let mut changed = visible(cloud, ask, false)?.clone();
    changed.body.insert("updated_at".to_owned(), json!(stored_time(&cloud.clock)));
    changed.body.extend(ask.fields());
    (kind.complete)(cloud, ask, &mut changed.body)?;
    kind.refuse_twin(cloud, &changed, Some(&changed.id))?;
    derive(ask.collection(), &mut changed.body);
    let answer = ask.answer(Some(wrapped(ask, changed.body.to_value())))?;
    cloud.collection(ask.collection()).put(changed);
    if ask.service.dialect == Dialect::Keystone {
        cloud.follow_identity();
    }
    Ok(answer)
}
