//! What a boot body names is looked up.

use crate::base::json::{Map, Value, json};
use crate::base::{Pointer, last_segment};
use crate::cloud::compute::servers::block_device::image_ref;
use crate::cloud::image::properties_of_server;
use crate::cloud::network::group_called;
use crate::cloud::store::{Caller, Cloud, Fault, Key, Resource};
use crate::cloud::verb::bookmark;
use crate::contract::{Code, forced_host};

/// Naming a host is for administrators.
pub fn allow_hosts(body: &Map, caller: &Caller) -> Result<(), Fault> {
    let word = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let forced = word("availability_zone").and_then(forced_host).map(|_| "os_compute_api:servers:create:forced_host");
    let requested =
        word("host").or(word("hypervisor_hostname")).map(|_| "compute:servers:create:requested_destination");
    match forced.or(requested) {
        Some(rule) if !caller.admin => Err(Fault::policy(rule)),
        _ => Ok(()),
    }
}

/// `flavorRef` is an id or a URL that ends in one. The server keeps a copy in both forms that answers have.
pub fn flavor(cloud: &mut Cloud, body: &Map, caller: &Caller) -> Result<Value, Fault> {
    let reference = match body.get("flavorRef") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let id = last_segment(&reference);
    let is_usable = |flavor: &&Resource| flavor.is_visible_to(caller) && !is_disabled(flavor);
    let flavors = cloud.collection("flavors");
    let found = flavors.get(id).filter(is_usable);
    let flavor =
        found.ok_or_else(|| Fault::reference(400, at("flavorRef"), format!("Flavor {id} could not be found.")))?;
    Ok(flavors.copy_of(flavor, copy_of_flavor))
}

/// Flavors could be disabled, long ago.
pub fn is_disabled(flavor: &Resource) -> bool {
    flavor.body.get("OS-FLV-DISABLED:disabled") == Some(&json!(true))
}

/// What a server keeps of its flavor.
pub fn copy_of_flavor(flavor: &Resource) -> Value {
    let field = |name: &str| flavor.body.get(name).cloned().unwrap_or_else(|| json!(0));
    let mut copy = Map::with_capacity(9);
    let mut set = |key: &str, value: Value| drop(copy.insert(key.to_owned(), value));
    set("id", flavor.id.as_str().into());
    set("bookmark", bookmark("flavors", &flavor.id));
    for own in ["vcpus", "ram", "disk", "swap"] {
        set(own, field(own));
    }
    set("ephemeral", field("OS-FLV-EXT-DATA:ephemeral"));
    set("original_name", flavor.text("name").into());
    set("extra_specs", flavor.body.get("extra_specs").cloned().unwrap_or_else(|| json!({})));
    Value::Object(copy)
}

/// What a server keeps of its image; of its properties those that mean something to Nova.
pub fn copy_of_image(image: &Resource) -> Value {
    json!({"id": image.id, "bookmark": bookmark("images", &image.id), "properties": properties_of_server(image)})
}

pub fn zone(cloud: &Cloud, body: &Map) -> Result<String, Fault> {
    let zones = cloud.zones();
    // A host may follow the zone.
    let asked = body.get("availability_zone").and_then(Value::as_str).filter(|asked| !asked.is_empty());
    let (zone, names_host) = match asked.map(|asked| asked.split_once(':').ok_or(asked)) {
        None => (None, false),
        Some(Ok((zone, _))) => (Some(zone.trim()), true),
        Some(Err(zone)) => (Some(zone.trim()), false),
    };
    match zone.filter(|zone| !zone.is_empty()) {
        // A cloud without zones puts servers into none.
        None => Ok(zones.first().copied().unwrap_or("").to_owned()),
        Some(zone) if zones.contains(&zone) || names_host => Ok(zone.to_owned()),
        Some(_) => {
            Err(Fault::reference(400, at("availability_zone"), "The requested availability zone is not available"))
        }
    }
}

/// The image, a copy of which is stored with the server; `None`: the body has none.
pub fn image(cloud: &mut Cloud, body: &Map, caller: &Caller) -> Result<Option<Value>, Fault> {
    let Some(id) = image_ref(body) else { return Ok(None) };
    let images = cloud.collection("images");
    let found = images.get(id).filter(|image| image.is_visible_to(caller));
    let image = found.ok_or_else(|| Fault::reference(400, at("imageRef"), "Can not find requested image"))?;
    Ok(Some(images.copy_of(image, copy_of_image)))
}

/// The ids of the security groups that the body names; what names none means the default one.
pub fn security_groups(cloud: &Cloud, body: &Map, caller: &Caller) -> Result<Vec<String>, Fault> {
    let mut ids = Vec::new();
    for group in body.list("security_groups") {
        let Some(name) = group.get("name").and_then(Value::as_str) else { continue };
        let found = group_called(cloud, name, caller.project.as_deref());
        match found.map_err(|fault| Fault { at: Some(at("security_groups")), ..fault })? {
            Some(group) if ids.contains(&group.id) => {}
            Some(group) => ids.push(group.id.clone()),
            None if name == "default" => {}
            None => {
                let message = format!("Unable to find security_group with name or id '{name}'");
                return Err(Fault::reference(400, at("security_groups"), message));
            }
        }
    }
    Ok(ids)
}

/// Has the caller a key pair of that name?
pub fn key_pair(cloud: &mut Cloud, name: &str, caller: &Caller, at: Pointer) -> Result<(), Fault> {
    let is_own = |pair: &Resource| pair.text("user_id") == caller.user;
    if cloud.collection("keypairs").with(&Key::Name(name.trim().into())).any(is_own) {
        return Ok(());
    }
    Err(Fault::reference(400, at, "Invalid key_name provided."))
}

pub fn server_group(cloud: &Cloud, body: &Value) -> Result<(), Fault> {
    let Some(id) = hints(body).and_then(|hints| hints.get("group")).and_then(Value::as_str) else { return Ok(()) };
    if group_of(cloud, body).is_some() {
        return Ok(());
    }
    let hints = Pointer::default().key("os:scheduler_hints").key("group");
    Err(Fault::reference(400, hints, format!("Instance group {id} could not be found.")))
}

/// The server group that the hints name.
pub fn group_of<'c>(cloud: &'c Cloud, body: &Value) -> Option<&'c Resource> {
    cloud.collections.get("server_groups")?.get(hints(body)?.get("group")?.as_str()?)
}

/// Scheduler hints are next to the server, under either name.
pub fn hints(body: &Value) -> Option<&Value> {
    ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"].iter().find_map(|key| body.get(*key))
}

/// The host and the node that are asked for must be there.
pub fn hosts(cloud: &Cloud, body: &Map) -> Result<(), Fault> {
    for key in ["host", "hypervisor_hostname"] {
        if let Some(name) = body.get(key).and_then(Value::as_str).filter(|name| !name.is_empty())
            && !cloud.has_host(name)
        {
            return Err(Fault::reference(400, at(key), format!("Compute host {name} could not be found.")));
        }
    }
    Ok(())
}

/// A hint that is an object passes Nova's schema, and crashes what comes after it.
pub fn flat_hints(body: &Value) -> Result<(), Fault> {
    let is_nested = hints(body).and_then(Value::as_object).is_some_and(|hints| hints.values().any(Value::is_object));
    match is_nested {
        true => {
            let at = Pointer::default().key("os:scheduler_hints");
            Err(Fault { at: Some(at), ..Fault::new(Code::Rule, 500, CRASHED) })
        }
        false => Ok(()),
    }
}

const CRASHED: &str = "Unexpected API Error. Please contact the administrator\n<class 'ValueError'>";

/// The place of `key` in the body of a boot.
pub fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}
