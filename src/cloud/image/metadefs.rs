//! Namespaces of metadata definitions (glance/api/v2/metadef_namespaces.py).

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, Identifier, Missing, Order, Owner, ResourceType, id_of, remove};
use crate::contract::{Code, Dialect};

/// A namespace, with all its parts.
pub const NAMESPACES: ResourceType = ResourceType {
    collection: "image.namespaces",
    owner: Owner::Shared,
    id: Identifier::Asked,
    unique: &[("id", "The metadata definition namespace={id} already exists.")],
    missing: &[Missing::any("Metadata definition namespace={id} was not found.")],
    home: Dialect::Glance,
    derive: |_, namespace| {
        let id = id_of(namespace);
        namespace.insert("self", json!(format!("/v2/metadefs/namespaces/{id}")));
    },
    published: |namespace| namespace.get("visibility").map(|visibility| *visibility == "public"),
    complete,
    change: Some(change),
    leave,
    delete,
    order: |_| Order::Newest,
    ..ResourceType::PLAIN
};

/// What a new text leaves out, the namespace has no more.
fn change(_: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let given = ask.fields();
    body.retain(|field, _| !["display_name", "description"].contains(&field.as_str()) || given.contains_key(field));
    let defaults = [("visibility", json!("private")), ("protected", json!(false))];
    body.extend(defaults.into_iter().filter(|(field, _)| !given.contains_key(field)));
    Ok(())
}

fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let namespace = cloud.collection("image.namespaces").get(id);
    if namespace.is_some_and(|namespace| namespace.body.get("protected") == Some(&Value::Bool(true))) {
        let message = format!("Metadata definition namespace {id} is protected and cannot be deleted.");
        return Err(Fault::new(Code::State, 403, message));
    }
    Ok(())
}

fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    remove(cloud, ask).map_err(|fault| match fault.status {
        404 => Fault::not_found(format!("Namespace {} not found", ask.id())),
        _ => fault,
    })
}

/// The parts of a new namespace are as old as it.
fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    body.get_or_insert_with("visibility", || json!("private"));
    body.get_or_insert_with("protected", || json!(false));
    let times = ["created_at", "updated_at"].map(|time| (time, body[time].clone()));
    let associations = body.get("resource_type_associations").and_then(Value::as_array).cloned();
    let with_times = associations.into_iter().flatten().map(|mut association| {
        if let Value::Object(fields) = &mut association {
            fields.extend(times.iter().map(|(name, time)| ((*name).to_owned(), time.clone())));
        }
        association
    });
    let associations: Vec<Value> = with_times.collect();
    if !associations.is_empty() {
        body.insert("resource_type_associations", json!(associations));
    }
    Ok(())
}
