//! Services, endpoints and regions that clients make.

use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::Ask;
use crate::contract::Code;

use super::catalog::SERVICES;
use super::links::derive;

/// A new endpoint, whose URL contains no words but Keystone's own. It does not look at that of a changed one.
pub fn new_endpoint(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let known = ["tenant_id", "project_id", "user_id", "public_bind_host", "admin_bind_host", "compute_host"];
    let url = fields.get("url").and_then(Value::as_str).filter(|url| words(url).any(|word| !known.contains(&word)));
    if let Some(url) = url.map(str::to_owned) {
        existing_service(cloud, fields)?;
        let message = format!("Cannot create an endpoint with an invalid URL: {url}.");
        return Err(Fault::new(Code::Format, 400, message));
    }
    endpoint(cloud, ask, fields)
}

fn existing_service(cloud: &Cloud, fields: &Map) -> Result<(), Fault> {
    let service = fields.get("service_id").and_then(Value::as_str);
    let is_there = service.is_some_and(|id| cloud.known(SERVICES, id).is_some());
    if is_there { Ok(()) } else { Err(expecting("service_id", "service")) }
}

/// An endpoint is one of a service, in a region that is there. What old clients call `region` is made if it is not.
pub fn endpoint(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let sent = ask.fields();
    let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let old = text("region").filter(|_| sent.contains_key("region"));
    let region = text("region_id").filter(|_| sent.contains_key("region_id") || old.is_none());
    existing_service(cloud, fields)?;
    if region.as_ref().is_some_and(|id| cloud.known("regions", id).is_none()) {
        return Err(expecting("region_id", "region"));
    }
    if let Some(id) = old.as_ref().filter(|id| region.is_none() && cloud.known("regions", id).is_none()) {
        let mut body: Map = [("id", json!(id))].into_iter().collect();
        derive("regions", &mut body);
        cloud.collection("regions").put(Resource { public: true, ..Resource::new(id.clone(), None, body) });
    }
    let region = region.or(old);
    fields.insert("region_id", json!(region));
    fields.insert("region", json!(region));
    Ok(())
}

fn expecting(field: &str, table: &str) -> Fault {
    let what = format!("Expecting to find endpoint {field} in {table} table.");
    let why = "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is \
               assumed to be in error.";
    Fault::new(Code::Reference, 400, format!("{what} {why}"))
}

/// The words that stand for something in the URL of an endpoint: `%(project_id)s`.
fn words(url: &str) -> impl Iterator<Item = &str> {
    let starts = url.match_indices(['%', '$']).map(|(place, _)| &url[place + 1..]);
    starts.filter_map(|rest| rest.strip_prefix('(')?.split_once(')').map(|(word, _)| word))
}

/// A new region is called as its path says.
pub fn new_region(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let sent = ask.fields();
    if let (Some(path), Some(id)) = (ask.parameter("id"), sent.get("id").and_then(Value::as_str))
        && path != id
    {
        let message = format!("Conflicting region IDs specified: \"{path}\" != \"{id}\"");
        return Err(Fault::new(Code::Rule, 400, message));
    }
    region(cloud, ask, fields)
}

/// A region may be a part of another, and not of itself.
pub fn region(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let Some(parent) = fields.get("parent_region_id").and_then(Value::as_str) else { return Ok(()) };
    if cloud.known("regions", parent).is_none() {
        return Err(Fault::not_found(format!("Could not find region: {parent}.")));
    }
    let above = |id: &&str| cloud.known("regions", id).map(|region| region.text("parent_region_id"));
    // A new one has no id in the path.
    if ask.parameter("id").is_some_and(|id| std::iter::successors(Some(parent), above).any(|region| region == id)) {
        let message = format!("The specified parent region {parent} would create a circular region hierarchy.");
        return Err(Fault::new(Code::Rule, 400, message));
    }
    Ok(())
}

/// A service that goes takes its endpoints along.
pub fn service_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    cloud.collection("endpoints").retain(|endpoint| endpoint.text("service_id") != id);
    Ok(())
}

/// A region with endpoints stays; one that goes takes its parts along.
pub fn region_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let mut regions = vec![id.to_owned()];
    let mut place = 0;
    while let Some(region) = regions.get(place).cloned() {
        let all = cloud.collections.get("regions").into_iter().flat_map(Collection::iter);
        regions.extend(all.filter(|own| own.text("parent_region_id") == region).map(|own| own.id.clone()));
        place += 1;
    }
    let mut endpoints = cloud.collections.get("endpoints").into_iter().flat_map(Collection::iter);
    let are_used = endpoints.any(|endpoint| regions.iter().any(|region| endpoint.text("region_id") == region));
    drop(endpoints);
    if are_used {
        let message =
            format!("Unable to delete region {id} because it or its child regions have associated endpoints.");
        return Err(Fault::new(Code::State, 403, message));
    }
    regions.iter().skip(1).for_each(|region| drop(cloud.collection("regions").remove(region)));
    Ok(())
}
