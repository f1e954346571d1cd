//! The catalog: what the cloud offers, and where. Its services and endpoints are resources that administrators change.

use crate::base::json::{Map, Value, json, object};
use crate::cloud::store::{Cloud, Collection, Fixture, Offer, Offered, Resource, stable_id};
use crate::cloud::verb::{Ask, id_of};
use crate::contract::{CatalogEntry, Contracts, Service};

use super::directory::is_enabled;
use super::links::derive;

/// The collection of Keystone's services: Nova has one of that name.
pub const SERVICES: &str = "identity.services";

/// The type of Keystone.
const KEYSTONE: &str = "identity";

/// The fields of an endpoint that the catalog tells.
const TOLD: [&str; 5] = ["id", "interface", "region_id", "url", "region"];

/// The catalog of a token, in alphabetical order of the types; links are still relative (see [`crate::message::Base`]).
pub fn catalog(cloud: &Cloud, project: Option<&str>) -> Value {
    let entry = |service: &Resource| {
        json!({
            "endpoints": endpoints(cloud, service, project),
            "id": service.id,
            "type": service.text("type"),
            "name": service.text("name"),
        })
    };
    services(cloud).into_iter().map(entry).collect()
}

/// The services that are enabled, in alphabetical order of their types.
pub fn services(cloud: &Cloud) -> Vec<&Resource> {
    let all = cloud.collections.get(SERVICES).into_iter().flat_map(Collection::iter);
    let mut services: Vec<&Resource> = all.filter(|service| is_enabled(service)).collect();
    services.sort_by_key(|service| service.text("type"));
    services
}

/// The endpoints of a service as the catalog of a project tells them. Without a project those are left out whose URL needs one.
pub fn endpoints(cloud: &Cloud, service: &Resource, project: Option<&str>) -> Vec<Value> {
    let all = cloud.collections.get("endpoints").into_iter().flat_map(Collection::iter);
    let own = all.filter(|endpoint| endpoint.text("service_id") == service.id && is_enabled(endpoint));
    own.filter_map(|endpoint| {
        let url = PLACEHOLDERS.iter().fold(endpoint.text("url").to_owned(), |url, word| match project {
            None => url,
            Some(id) => url.replace(word, id),
        });
        let is_whole = !PLACEHOLDERS.iter().any(|word| url.contains(word));
        let told = TOLD.iter().map(|field| ((*field).to_owned(), endpoint.body[field].clone()));
        let mut told: Map = told.collect();
        told.insert("url", json!(url));
        is_whole.then_some(Value::Object(told))
    })
    .collect()
}

/// What stands for the project in a URL.
const PLACEHOLDERS: [&str; 4] = [PROJECT, "$(tenant_id)s", "%(project_id)s", "%(tenant_id)s"];
const PROJECT: &str = "$(project_id)s";

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

/// Makes the entries of the contracts resources, the first time that somebody looks: from then on clients may change them.
pub fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    seed(cloud, ask.contracts);
}

/// The same before anybody looks.
pub fn seed(cloud: &mut Cloud, contracts: &Contracts) {
    if std::mem::replace(&mut cloud.has_catalog, true) {
        return;
    }
    let living = contracts.living().map(|contract| &contract.service);
    let Fixture { region, other_regions, .. } = &*cloud.fixture;
    let offers = offers(region, other_regions, living);
    let offers = match &cloud.fixture.catalog {
        Some(layout) => layout.of(offers),
        None => offers,
    };
    for (collection, mut body) in listed(&offers) {
        derive(collection, &mut body);
        let id = id_of(&body);
        cloud.collection(collection).put(Resource { public: true, ..Resource::new(id, None, body) });
    }
}

/// What the entries offer, in each region. Keystone is the same in all.
fn offers<'s>(region: &str, others: &[String], services: impl Iterator<Item = &'s Service>) -> Vec<Offer> {
    let endpoints = |entry: &CatalogEntry, region: &str, url: String| {
        ["admin", "internal", "public"].map(|interface| Offered {
            interface: interface.to_owned(),
            region: Some(region.to_owned()),
            url: if entry.kind == KEYSTONE { endpoint_url(entry, PROJECT) } else { url.clone() },
        })
    };
    let offer = |entry: &CatalogEntry| {
        let usual = endpoint_url(entry, PROJECT);
        let there = others.iter().map(|other| endpoints(entry, other, in_region(&usual, other)));
        let endpoints = [endpoints(entry, region, usual.clone())].into_iter().chain(there).flatten().collect();
        Offer { kind: entry.kind.clone(), name: entry.name.clone(), endpoints }
    };
    entries(services).into_iter().map(offer).collect()
}

/// The URL of the same API in another region: `origin:/compute@RegionTwo/v2.1`.
fn in_region(url: &str, region: &str) -> String {
    let start = "origin:/".len();
    let end = url[start..].find('/').map_or(url.len(), |place| start + place);
    format!("{}@{region}{}", &url[..end], &url[end..])
}

/// The offers as services and endpoints: a collection and a resource each. What is there twice has ids of its own.
fn listed(offers: &[Offer]) -> Vec<(&'static str, Map)> {
    let mut rows = Vec::new();
    let mut known: Vec<String> = Vec::new();
    let mut id = |what: String| {
        let nth = known.iter().filter(|own| **own == what).count();
        known.push(what.clone());
        stable_id(&if nth == 0 { what } else { format!("{what} {nth}") })
    };
    for Offer { kind, name, endpoints } in offers {
        let service = id(format!("service {kind}"));
        for Offered { interface, region, url } in endpoints {
            let endpoint = object!({
                "id": id(format!("endpoint {kind} {interface}")),
                "interface": interface.as_str(),
                "region_id": region.as_deref(),
                "url": url.as_str(),
                "region": region.as_deref(),
                "service_id": service,
            });
            rows.push(("endpoints", endpoint));
        }
        rows.push((SERVICES, object!({"id": service, "type": kind.as_str(), "name": name.as_str()})));
    }
    rows
}
