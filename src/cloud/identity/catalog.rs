//! The catalog: what the cloud offers, and where.

use super::links::derive;
use crate::base::FieldMap;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fixture, Resource, stable_id};
use crate::cloud::verb::Ask;
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
    for (collection, fields) in listed(&cloud.fixture, living) {
        let id = fields["id"].as_str().unwrap_or_default().to_owned();
        if cloud.collection(collection).get(&id).is_none() {
            let mut body = FieldMap::from(fields.as_object().cloned().unwrap_or_default());
            derive(collection, &mut body);
            cloud.collection(collection).put(Resource { public: true, ..Resource::new(id, None, body) });
        }
    }
}

/// The catalog as Keystone's lists of services and endpoints have it: a collection and a resource each. Where a project
/// belongs into a URL, a word stands for it.
fn listed<'s>(fixture: &Fixture, services: impl Iterator<Item = &'s Service>) -> Vec<(&'static str, Value)> {
    let mut rows = Vec::new();
    for entry in entries(services) {
        let mut service = one(fixture, "$(project_id)s", entry);
        let endpoints = service.as_object_mut().and_then(|service| service.remove("endpoints"));
        for mut endpoint in endpoints.as_ref().and_then(Value::as_array).cloned().unwrap_or_default() {
            endpoint["service_id"] = service["id"].clone();
            rows.push(("endpoints", endpoint));
        }
        rows.push(("identity.services", service));
    }
    rows
}

fn one(fixture: &Fixture, project: &str, catalog: &CatalogEntry) -> Value {
    let endpoint = |interface: &&str| {
        json!({
            "id": stable_id(&format!("endpoint {} {interface}", catalog.kind)),
            "interface": interface,
            "region_id": fixture.region,
            "url": endpoint_url(catalog, project),
            "region": fixture.region,
        })
    };
    let endpoints: Vec<Value> = ["admin", "internal", "public"].iter().map(endpoint).collect();
    json!({
        "endpoints": endpoints,
        "id": stable_id(&format!("service {}", catalog.kind)),
        "type": catalog.kind,
        "name": catalog.name,
    })
}
