//! Images as Nova and the two versions of Glance show them.

use super::record::{Image, ImageStatus, Visibility};
use crate::base::json::{Map, Name, Value, json};
use crate::cloud::store::{Cloud, Resource, SHARED_WITH};
use crate::cloud::verb::{bookmark, links};
use crate::contract::Service;

/// The fields that every image has; the others are its properties.
const USUAL: [&str; 26] = [
    "id",
    "name",
    "disk_format",
    "container_format",
    "visibility",
    "size",
    "virtual_size",
    "status",
    "checksum",
    "protected",
    "min_ram",
    "min_disk",
    "owner",
    "os_hidden",
    "os_hash_algo",
    "os_hash_value",
    "created_at",
    "updated_at",
    "tags",
    "self",
    "file",
    "schema",
    "stores",
    "direct_url",
    "locations",
    SHARED_WITH,
];

/// Has every image a field of that name?
pub fn is_usual(name: &str) -> bool {
    USUAL.contains(&name)
}

/// The properties that an image has beyond the fields of every image.
pub fn properties(image: &Resource) -> Map {
    let custom = |(name, _): &(&Name, &Value)| !USUAL.contains(&name.as_str());
    image.body.iter().filter(custom).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// The properties that a server has of its image: those that mean something to Nova (nova/objects/image_meta.py).
pub fn properties_of_server(image: &Resource) -> Value {
    const PREFIXES: [&str; 3] = ["hw_", "os_", "img_"];
    let is_known = |name: &str| PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || OF_NOVA.contains(&name);
    properties(image).into_iter().filter(|(name, value)| is_known(name) && !value.is_null()).collect()
}

/// What Nova knows without such a prefix.
const OF_NOVA: [&str; 19] = [
    "architecture",
    "auto_disk_config",
    "bdm_v2",
    "bittorrent",
    "block_device_mapping",
    "cache_in_nova",
    "hypervisor_type",
    "hypervisor_version_requires",
    "ipxe_boot",
    "mappings",
    "owner_id",
    "root_device_name",
    "traits_required",
    "vm_mode",
    "vmware_disktype",
    "vmware_image_version",
    "vmware_linked_clone",
    "vmware_ostype",
    "xenapi_device_id",
];

/// Gives an image these properties instead of those that it has.
pub fn set_properties(image: &mut Resource, properties: Map) {
    image.body.retain(|name, _| USUAL.contains(&name.as_str()));
    image.body.extend(properties);
}

/// Nova's state and progress of an image (nova/api/openstack/compute/views/images.py).
fn status_and_progress(status: ImageStatus) -> (&'static str, u64) {
    match status {
        ImageStatus::Queued => ("SAVING", 25),
        ImageStatus::Saving => ("SAVING", 50),
        ImageStatus::Active => ("ACTIVE", 100),
        ImageStatus::Killed => ("ERROR", 0),
        ImageStatus::Deleted | ImageStatus::PendingDelete => ("DELETED", 0),
        ImageStatus::Uploading | ImageStatus::Importing | ImageStatus::Deactivated => ("UNKNOWN", 0),
    }
}

pub fn of_nova(_: &Cloud, _: &Service, image: &Resource, body: &mut Map) {
    let id = &image.id;
    let mut links_of_image = links("images", id);
    if let Value::Array(links) = &mut links_of_image {
        let href = format!("origin:/image/images/{id}");
        links.push(json!({"rel": "alternate", "type": "application/vnd.openstack.image", "href": href}));
    }
    let (status, progress) = status_and_progress(Image::of(&image.body).status());
    body.insert("links", links_of_image);
    body.insert("bookmark", bookmark("images", id));
    body.insert("metadata", Value::Object(properties(image)));
    body.insert("proxied_status", json!(status));
    body.insert("status_of_glance", json!(Image::of(&image.body).status().name()));
    body.insert("progress", json!(progress));
    // What has no data yet has no bytes.
    if image.pending.is_some() || image.body.get("size").is_none_or(Value::is_null) {
        body.insert("size", json!(0));
    }
    if let Some(server) = Image::of(&image.body).server() {
        body.insert("server", json!({"id": server, "links": links("servers", server)}));
    }
}

/// What an image tells only of its data.
const UNSAVED: [&str; 7] =
    ["container_format", "disk_format", "size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value"];

/// Version 1 separates the properties.
pub fn of_glance(_: &Cloud, service: &Service, image: &Resource, body: &mut Map) {
    body.remove(SHARED_WITH);
    // What is being saved from a server has no data yet, and nobody knows in what form it will be.
    if image.pending.is_some() {
        UNSAVED.iter().for_each(|field| drop(body.insert(*field, Value::Null)));
    }
    if service.name != "image-v1" {
        let has_data = matches!(Image::of(&image.body).status(), ImageStatus::Active | ImageStatus::Deactivated);
        body.extend(has_data.then(|| ("stores".to_owned(), json!("fs"))));
        return;
    }
    body.insert("is_public", json!(Image::of(&image.body).visibility() == Some(Visibility::Public)));
    body.insert("properties", Value::Object(properties(image)));
    for time in ["created_at", "updated_at"] {
        body.insert(time.to_owned(), json!(image.text(time).trim_end_matches('Z')));
    }
}
