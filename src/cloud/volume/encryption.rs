//! How volumes of a type are encrypted (cinder/api/contrib/volume_type_encryption.py, volume_encryption_metadata.py): a field of the type.

use super::record::Volume;
use super::refusals::crash;
use super::types;
use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Fault, Held, stored_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// The field of a type that holds it.
const FIELD: &str = "encryption";

fn missing(own: &Held<'_>) -> Fault {
    Fault::not_found(format!("Volume type encryption for type {} does not exist.", own.id))
}

fn asked(ask: &Ask<'_>) -> Map {
    ask.body.object(FIELD).clone()
}

/// Encrypts a type.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (id, now) = (cloud.ids.uuid().to_string(), stored_time(cloud.clock.now()));
    let mut own = visible(cloud, ask, false)?;
    if own.body.get(FIELD).is_some() {
        let message = format!("Volume type encryption for type {} already exists.", own.id);
        return Err(Fault::new(Code::State, 400, message));
    }
    let mut told = asked(ask);
    told.insert("volume_type_id", json!(own.id));
    told.insert("encryption_id", json!(id));
    let mut kept = told.clone();
    kept.extend(object!({"deleted_at": null, "deleted": false, "created_at": now, "updated_at": null}));
    own.set(FIELD, Value::Object(kept));
    drop(own);
    ask.answer(Some(json!({FIELD: told})))
}

/// All of it, or one field; `{}` where nothing is encrypted.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = visible(cloud, ask, false)?;
    let kept = own.body.get(FIELD).cloned();
    let answer = match (ask.parameter("key"), kept) {
        (None, None) => json!({}),
        (None, Some(kept)) => kept,
        (Some(key), kept) => {
            let value = kept.as_ref().and_then(|kept| kept.get(key)).ok_or_else(|| missing(&own))?;
            json!({key: value})
        }
    };
    drop(own);
    ask.answer(Some(answer))
}

/// Changes fields; the answer repeats the request.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let now = stored_time(cloud.clock.now());
    let mut own = visible(cloud, ask, false)?;
    let mut kept = own.body.get(FIELD).and_then(Value::as_object).cloned().ok_or_else(|| missing(&own))?;
    kept.extend(asked(ask));
    kept.insert("updated_at", json!(now));
    own.set(FIELD, Value::Object(kept));
    drop(own);
    ask.answer(Some(json!({FIELD: asked(ask)})))
}

/// Encrypts no longer.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut own = visible(cloud, ask, false)?;
    if own.body.get(FIELD).is_none() {
        return Err(missing(&own));
    }
    own.body.remove(FIELD);
    drop(own);
    ask.answer(None)
}

/// How a volume is encrypted: as its type says, with a key of its own, which no volume here has.
pub fn show_of_volume(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let volume = visible(cloud, ask, false)?;
    let kind = Volume::of(&volume.body).volume_type().map(str::to_owned);
    drop(volume);
    let kept = kind.and_then(|kind| types::find(cloud, &kind)).map(|kind| kind[FIELD].clone());
    let mut told = object!({"encryption_key_id": null});
    if let Some(kept) = kept.filter(|kept| !kept.is_null()) {
        told.extend(
            ["control_location", "cipher", "key_size", "provider"].map(|key| (key.to_owned(), kept[key].clone())),
        );
    }
    let Some(key) = ask.parameter("key") else { return ask.answer(Some(Value::Object(told))) };
    match told.remove(key) {
        Some(Value::Null) => ask.answer(None),
        Some(Value::String(text)) => Ok(Answer::typed(200, Value::String(text), "text/html; charset=UTF-8")),
        _ => Err(crash(ask)),
    }
}
