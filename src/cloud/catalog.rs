//! The catalog: what the cloud offers, and where.

use serde_json::{Value, json};

use super::fixture::Fixture;
use crate::contract::Service;

/// The catalog of a token, in alphabetical order of the types; links are still relative (see [`crate::message::Base`]).
pub fn catalog<'s>(fixture: &Fixture, services: impl Iterator<Item = &'s Service>) -> Value {
    let mut services: Vec<&Service> = services.collect();
    services.sort_by(|a, b| a.catalog.kind.cmp(&b.catalog.kind));
    services.into_iter().map(|service| entry(fixture, service)).collect()
}

fn entry(fixture: &Fixture, service: &Service) -> Value {
    let catalog = &service.catalog;
    let endpoint = |interface: &&str| {
        json!({
            "id": stable_id(&format!("endpoint {} {interface}", catalog.kind)),
            "interface": interface,
            "region_id": fixture.region,
            "url": format!("origin:{}", catalog.path),
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

/// An id of Keystone's form that depends on `text` alone, so that it is the same in every run.
pub fn stable_id(text: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).simple().to_string()
}
