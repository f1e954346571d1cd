//! The forms in which services show what is stored, and what other services own.

use serde_json::{Map, Value};

use crate::cloud::store::{Cloud, Resource};
use crate::cloud::{image::view as image, network::view as network, volume::view as volume};
use crate::contract::{Dialect, Service};

/// The fields of `resource` as `service` knows them: those that are stored, and those that only this service has.
pub fn view(cloud: &Cloud, service: &Service, collection: &str, resource: &Resource) -> Map<String, Value> {
    let mut body = resource.body.to_map();
    let row = VIEWS.iter().find(|(dialect, name, _)| *dialect == service.dialect && *name == collection);
    if let Some((_, _, add)) = row {
        add(cloud, service, resource, &mut body);
    }
    body
}

/// Adds to the fields of a resource what only one service shows of it.
type Add = fn(&Cloud, &Service, &Resource, &mut Map<String, Value>);

/// What each service adds to which collection.
const VIEWS: &[(Dialect, &str, Add)] = &[
    (Dialect::Nova, "servers", network::server),
    (Dialect::Nova, "images", image::of_nova),
    (Dialect::Glance, "images", image::of_glance),
    (Dialect::Nova, "keypairs", keypair),
    (Dialect::Nova, "volumes", volume::of_nova),
    (Dialect::Cinder, "volumes", volume::of_cinder),
    (Dialect::Nova, "floatingips", network::floating_ip_of_nova),
    (Dialect::Neutron, "floatingips", network::floating_ip),
    (Dialect::Nova, "security_groups", network::group_of_nova),
    (Dialect::Neutron, "security_groups", network::group),
    (Dialect::Nova, "security_group_rules", network::rule_of_nova),
];

/// Nova's list of key pairs wraps each of them.
fn keypair(_: &Cloud, _: &Service, _: &Resource, body: &mut Map<String, Value>) {
    let pair = Value::Object(body.clone());
    body.insert("keypair".to_owned(), pair);
}
