//! The catalog: what the cloud offers, and where.

use super::links::derive;
use crate::base::json::{Map, Value, object};
use crate::cloud::store::{Cloud, Fixture, Resource, stable_id};
use crate::cloud::verb::{Ask, id_of};
use crate::contract::{CatalogEntry, Service};

/// The catalog of a token, in alphabetical order of the types; links are still relative (see [`crate::message::Base`]).
pub fn catalog<'s>(fixture: &Fixture, project: &str, services: impl Iterator<Item = &'s Service>) -> Value {
    entries(services).into_iter().map(|entry| one(fixture, project, entry)).collect()
}

/// The entries of `services`, one a type, in alphabetical order of the types. Of several with one type the first counts.
pub fn entries<'s>(services: impl Iterator<Item = &'s Service>) -> Vec<&'s CatalogEntry> {
    let mut entries: Vec<&CatalogEntry> = services.flat_map(|service| &service.catalog).collect();
    entries.sort_by(|a, b| a.kind.cmp(&b.kind));
    entries.dedup_by(|a, b| a.kind == b.kind);
    entries
}

/// The link to an endpoint, still relative.
pub fn endpoint_url(entry: &CatalogEntry, project: &str) -> String {
    format!("origin:{}", entry.path.replace("{project}", project))
}

/// Makes the entries of the catalog resources, for Keystone's lists of services and endpoints.
pub fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    let living = ask.contracts.living().map(|contract| &contract.service);
    for (collection, mut body) in listed(&cloud.fixture, living) {
        let id = id_of(&body);
        if cloud.collection(collection).get(&id).is_none() {
            derive(collection, &mut body);
            cloud.collection(collection).put(Resource { public: true, ..Resource::new(id, None, body) });
        }
    }
}

/// The catalog as Keystone's lists of services and endpoints have it: a collection and a resource each. Where a project
/// belongs into a URL, a word stands for it.
fn listed<'s>(fixture: &Fixture, services: impl Iterator<Item = &'s Service>) -> Vec<(&'static str, Map)> {
    let mut rows = Vec::new();
    for entry in entries(services) {
        let service = service(entry);
        for mut endpoint in endpoints(fixture, "$(project_id)s", entry) {
            endpoint.extend(service.get("id").map(|id| ("service_id", id.clone())));
            rows.push(("endpoints", endpoint));
        }
        rows.push(("identity.services", service));
    }
    rows
}

/// An entry as tokens have it.
fn one(fixture: &Fixture, project: &str, catalog: &CatalogEntry) -> Value {
    let endpoints: Vec<Map> = endpoints(fixture, project, catalog).into();
    let mut entry = object!({"endpoints": endpoints});
    entry.extend(service(catalog));
    Value::Object(entry)
}

fn service(catalog: &CatalogEntry) -> Map {
    let id = stable_id(&format!("service {}", catalog.kind));
    object!({"id": id, "type": catalog.kind, "name": catalog.name})
}

fn endpoints(fixture: &Fixture, project: &str, catalog: &CatalogEntry) -> [Map; 3] {
    ["admin", "internal", "public"].map(|interface| {
        object!({
            "id": stable_id(&format!("endpoint {} {interface}", catalog.kind)),
            "interface": interface,
            "region_id": fixture.region,
            "url": endpoint_url(catalog, project),
            "region": fixture.region,
        })
    })
}
