//! Changed fields of a resource.

use super::ask::{Answer, Ask, ResourceType};
use super::show::{shown_fields, visible, wrapped};
use crate::base::json::{Map, Value, json};
use crate::cloud::dialect::manner;
use crate::cloud::store::{Cloud, Fault};

/// Changes the fields that the body names; the contract has let only the right ones pass.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    change(cloud, ask, ask.fields())?;
    let mut shown = shown_fields(cloud, ask);
    (ask.shown_type().tell_change)(&mut shown);
    ask.answer(Some(wrapped(ask, Value::Object(shown))))
}

/// An action that sets a field: the row's `field` names it, and the key of the action's body that holds the value.
pub fn set_field(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let field = ask.operation.field.as_ref();
    let value = field.and_then(|field| ask.fields().remove(field.item.as_deref()?));
    let sent = field.zip(value).map(|(field, value)| (field.name.clone(), value));
    change(cloud, ask, sent.into_iter().collect())?;
    ask.answer(None)
}

/// Is anything else than before, apart from the time?
fn differs(before: &Map, after: &Map) -> bool {
    after.iter().any(|(field, value)| field != "updated_at" && before.get(field) != Some(value))
}

impl ResourceType {
    /// Counts a change, where the service does.
    pub fn count_change(&self, body: &mut Map) {
        let Some(first) = self.first_revision else { return };
        // What a fixture has without a number is as new.
        let before = body.get("revision_number").and_then(Value::as_u64).unwrap_or(first);
        body.insert("revision_number", json!(before + 1));
    }
}

fn change(cloud: &mut Cloud, ask: &Ask<'_>, fields: Map) -> Result<(), Fault> {
    let own = ask.own_type()?;
    let before = visible(cloud, ask, false)?.clone();
    let mut changed = before.clone();
    (own.permit)(cloud, ask, Some(&before))?;
    if manner(own.home).has_times {
        changed.body.insert("updated_at", json!(own.time(cloud)));
    }
    own.fixed.iter().try_for_each(|fixed| fixed.allow(&before.body, &fields))?;
    changed.body.extend(fields);
    (own.change.unwrap_or(own.complete))(cloud, ask, &mut changed.body)?;
    own.refuse_twin(cloud, &changed, Some(&changed.id))?;
    if differs(&before.body, &changed.body) {
        own.count_change(&mut changed.body);
    }
    (own.derive)(own.collection, &mut changed.body);
    let id = changed.id.clone();
    cloud.collection(ask.collection()).put(changed);
    (own.follow)(cloud, &id);
    Ok(())
}
