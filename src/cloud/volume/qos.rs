//! QoS specs, and the types of volumes that have them (cinder/api/contrib/qos_specs_manage.py).

use super::types::VOLUME_TYPES;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Missing, Owner, ResourceType, hrefs, show as show_one, visible};
use crate::contract::{Code, Dialect};

pub const QOS_SPECS: ResourceType = ResourceType {
    collection: "qos_specs",
    owner: Owner::Cloud,
    home: Dialect::Cinder,
    missing: &[Missing::any("No such QoS spec {id}.")],
    derive: |_, _| {},
    complete,
    leave,
    greet: |ask, own, answer| linked(ask, &own.id, answer),
    ..ResourceType::PLAIN
};

/// QoS specs with the links that Cinder has beside them.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    Ok(linked(ask, ask.id(), show_one(cloud, ask)?))
}

fn linked(ask: &Ask<'_>, id: &str, mut answer: Answer) -> Answer {
    let shown = |(relation, href): (&str, String)| json!({"rel": relation, "href": ask.base.resolve(&href)});
    if let Some(body) = answer.body.as_mut().and_then(Value::as_object_mut) {
        body.insert("links", hrefs("qos-specs", id).into_iter().map(shown).collect::<Value>());
    }
    answer
}

/// The words for who enforces them.
const CONSUMERS: [&str; 3] = ["back-end", "front-end", "both"];

/// What is neither name nor consumer is a spec.
fn complete(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let asked = asked(ask);
    let name = asked.text("name").trim().to_owned();
    if name.is_empty() {
        return Err(refused("An invalid 'name' value was provided. The 'name' can not be None."));
    }
    let consumer = asked.get("consumer").cloned().unwrap_or_else(|| json!(CONSUMERS[0]));
    let specs = specs(&asked)?;
    if cloud.collection("qos_specs").iter().any(|own| own.text("name") == name) {
        return Err(Fault::new(Code::State, 409, format!("QoS Specs {name} already exists.")));
    }
    body.insert("name", json!(name));
    body.insert("consumer", consumer);
    body.insert("specs", Value::Object(specs));
    Ok(())
}

/// The fields of the body, whatever they are called.
fn asked(ask: &Ask<'_>) -> Map {
    ask.body.object("qos_specs").clone()
}

/// The specs of a body, which has a consumer that there is.
fn specs(asked: &Map) -> Result<Map, Fault> {
    if asked.get("consumer").is_some_and(|own| !CONSUMERS.iter().any(|known| own == known)) {
        return Err(refused(CONSUMER));
    }
    let specs = asked.iter().filter(|(key, _)| !["name", "consumer"].contains(&key.as_str()));
    specs
        .map(|(key, value)| match value {
            Value::String(_) => Ok((key.clone(), value.clone())),
            _ => Err(refused(&format!("Invalid input received: Value for key \"{key}\" is not a string or unicode"))),
        })
        .collect()
}

/// Cinder shows the type of its field.
const CONSUMER: &str = "Invalid qos specs: Valid consumer of QoS specs are: QoSConsumerValues(default=<class \
    'oslo_versionedobjects.fields.UnspecifiedDefault'>,nullable=False,valid_values=('back-end', 'front-end', 'both'))";

fn refused(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message)
}

/// Specs that types have stay, unless they are to go all the same.
fn leave(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let is_forced = ask.query.last("force").and_then(truth) == Some(true);
    if !is_forced && types_with(cloud, id).next().is_some() {
        return Err(Fault::new(Code::State, 400, "Qos specs still in use."));
    }
    set_all(cloud, id, None);
    Ok(())
}

fn types_with<'c>(cloud: &'c Cloud, id: &'c str) -> impl Iterator<Item = &'c Resource> {
    let types = cloud.collections.get(VOLUME_TYPES.collection).into_iter().flat_map(|types| types.iter());
    types.filter(move |own| own.text("qos_specs_id") == id)
}

fn set_all(cloud: &mut Cloud, id: &str, with: Option<&str>) {
    cloud.collection(VOLUME_TYPES.collection).for_each_mut(|own| {
        if own.text("qos_specs_id") == id {
            own.set("qos_specs_id", json!(with));
        }
    });
}

/// Adds specs, or another consumer; the answer repeats the request.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = asked(ask);
    let new = specs(&asked)?;
    let mut own = visible(cloud, ask, false)?;
    let mut specs = own.body.object("specs").clone();
    specs.extend(new);
    own.set("specs", Value::Object(specs));
    if let Some(consumer) = asked.get("consumer") {
        own.set("consumer", consumer.clone());
    }
    drop(own);
    ask.answer(Some(json!({"qos_specs": asked})))
}

/// Removes the specs with the `keys`.
pub fn delete_keys(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut own = visible(cloud, ask, false)?;
    let mut specs = own.body.object("specs").clone();
    let keys = ask.body.list("keys").iter().filter_map(Value::as_str);
    for key in keys {
        if specs.remove(key).is_none() {
            return Err(Fault::not_found(format!("QoS spec {} has no spec with key {key}.", own.id)));
        }
    }
    own.set("specs", Value::Object(specs));
    drop(own);
    ask.answer(None)
}

/// The types that have the specs.
pub fn index_associations(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = visible(cloud, ask, false)?.id.clone();
    let shown = |own: &Resource| json!({"association_type": "volume_type", "name": own.text("name"), "id": own.id});
    let list: Value = types_with(cloud, &id).map(shown).collect();
    ask.answer(Some(json!({"qos_associations": list})))
}

/// Gives the specs to a type, or takes them away.
pub fn associate(cloud: &mut Cloud, ask: &Ask<'_>, is_given: bool) -> Result<Answer, Fault> {
    let wanted = ask.query.last("vol_type_id").ok_or_else(|| refused("Volume Type id must not be None."))?;
    let id = visible(cloud, ask, false)?.id.clone();
    let missing = || ask.not_found_in(VOLUME_TYPES.collection, wanted);
    let mut own = cloud.collection(VOLUME_TYPES.collection).get_mut(wanted).ok_or_else(missing)?;
    let before = own.text("qos_specs_id").to_owned();
    if is_given && !before.is_empty() && before != id {
        let message =
            format!("Invalid volume type: Type {wanted} is already associated with another qos specs: {before}");
        return Err(Fault::new(Code::State, 400, message));
    }
    own.set("qos_specs_id", if is_given { json!(id) } else { Value::Null });
    drop(own);
    ask.answer(None)
}

/// Takes the specs away from all types.
pub fn disassociate_all(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let id = visible(cloud, ask, false)?.id.clone();
    set_all(cloud, &id, None);
    ask.answer(None)
}
