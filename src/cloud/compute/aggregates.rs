//! Aggregates: named groups of hosts with metadata, one item of which makes them an availability zone.

use foldhash::HashSet;

use super::by_number::no_integer;
use crate::base::Pointer;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, stored_time};
use crate::cloud::verb::{Answer, Ask, Identifier, Missing, Owner, ResourceType, visible, wrapped};
use crate::contract::Code;

pub const AGGREGATES: ResourceType = ResourceType {
    collection: "aggregates",
    owner: Owner::Cloud,
    id: Identifier::Number,
    unique: &[("name", "Aggregate {name} already exists.")],
    missing: &[Missing::any("Aggregate {id} could not be found.")],
    complete,
    leave: refuse_full,
    locate: |_, ask| match ask.id().parse::<i64>() {
        Ok(_) => Ok(ask.key()),
        Err(_) => Err(no_integer()),
    },
    ..ResourceType::PLAIN
};

/// The zone of an aggregate is an item of its metadata.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, aggregate: &mut Map) -> Result<(), Fault> {
    let zone = aggregate.get(ZONE).cloned().filter(|zone| !zone.is_null());
    let metadata = aggregate.get_or_insert_with("metadata", || json!({}));
    if let (Some(metadata), Some(zone)) = (metadata.as_object_mut(), zone) {
        metadata.insert(ZONE.to_owned(), zone);
    }
    aggregate.get_or_insert_with("hosts", || json!([]));
    Ok(())
}

const ZONE: &str = "availability_zone";

/// A host joins; there must be a compute service on it.
pub fn add_host(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let host = ask.required("host")?;
    known(cloud, &host)?;
    visible(cloud, ask, false)?;
    change_hosts(cloud, ask, |hosts, id| match hosts.contains(&json!(host)) {
        true => Err(Fault::new(Code::State, 409, format!("Aggregate {id} already has host {host}."))),
        false => {
            hosts.push(json!(host));
            Ok(())
        }
    })
}

/// A host leaves; Nova says the same of all that is not there.
pub fn remove_host(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let host = ask.required("host")?;
    let missing = || Fault::not_found(format!("Cannot remove host {host} in aggregate {}", ask.id()));
    visible(cloud, ask, false).map(drop).map_err(|fault| if fault.status == 404 { missing() } else { fault })?;
    change_hosts(cloud, ask, |hosts, _| {
        let place = hosts.iter().position(|other| *other == json!(host)).ok_or_else(missing)?;
        hosts.remove(place);
        Ok(())
    })
}

/// Items of the metadata are set; null takes one away.
pub fn set_metadata(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.fields().object("metadata").clone();
    let now = stored_time(cloud.clock.now());
    let mut aggregate = visible(cloud, ask, false)?;
    aggregate.set("updated_at", now);
    let mut metadata = aggregate.body.object("metadata").clone();
    metadata.extend(asked);
    metadata.retain(|_, value| !value.is_null());
    aggregate.set(ZONE, metadata[ZONE].clone());
    aggregate.set("metadata", metadata);
    let body = Value::Object(aggregate.body.clone());
    ask.answer(Some(wrapped(ask, body)))
}

/// Images are brought to the hosts, of which nothing is to be seen later.
pub fn cache_images(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.body.list("cache").to_vec();
    let ids: Vec<&str> = asked.iter().filter_map(|image| image.get("id")?.as_str()).collect();
    let mut seen = HashSet::default();
    if ids.iter().any(|id| !seen.insert(*id)) {
        return Err(Fault::new(Code::Unique, 400, "Duplicate images in request"));
    }
    visible(cloud, ask, false)?;
    for id in ids {
        let image = cloud.collection("images").get(id);
        if !image.is_some_and(|image| ask.sees(image)) {
            let at = Pointer::default().key("cache");
            return Err(Fault::reference(400, at, format!("Image {id} could not be found.")));
        }
    }
    ask.answer(None)
}

/// Refuses to take away an aggregate that still has hosts.
pub fn refuse_full(cloud: &mut Cloud, ask: &Ask<'_>, _: &str) -> Result<(), Fault> {
    let aggregate = visible(cloud, ask, false)?;
    match aggregate.body.get("hosts").and_then(Value::as_array) {
        Some(hosts) if !hosts.is_empty() => {
            let id = &aggregate.id;
            let message = format!("Cannot remove host from aggregate {id}. Reason: Host aggregate is not empty.");
            Err(Fault::new(Code::State, 400, message))
        }
        _ => Ok(()),
    }
}

fn known(cloud: &mut Cloud, host: &str) -> Result<(), Fault> {
    let is_it = cloud
        .collection("services")
        .iter()
        .any(|service| service.text("host") == host && service.text("binary") == "nova-compute");
    if is_it { Ok(()) } else { Err(Fault::not_found(format!("Compute host {host} could not be found."))) }
}

fn change_hosts(
    cloud: &mut Cloud,
    ask: &Ask<'_>,
    change: impl FnOnce(&mut Vec<Value>, &str) -> Result<(), Fault>,
) -> Result<Answer, Fault> {
    let mut aggregate = visible(cloud, ask, false)?;
    let mut hosts = aggregate.body.list("hosts").to_vec();
    change(&mut hosts, &aggregate.id)?;
    aggregate.set("hosts", hosts);
    let body = Value::Object(aggregate.body.clone());
    ask.answer(Some(wrapped(ask, body)))
}
