//! Subnet pools, address scopes, and the policies by which projects share.

use super::allocation::allocated;
use super::networks::NEUTRON;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource, SHARED_WITH};
use crate::cloud::verb::{Ask, Missing, ResourceType, as_it_is};
use crate::contract::Code;

pub const SUBNET_POOLS: ResourceType = ResourceType {
    collection: "subnetpools",
    missing: &[Missing::any("Subnet pool {id} could not be found.").named("SubnetPoolNotFound")],
    complete,
    leave: pool_leaves,
    ..NEUTRON
};

pub const ADDRESS_SCOPES: ResourceType = ResourceType {
    collection: "address_scopes",
    missing: &[Missing::any("Address scope {id} could not be found.").named("AddressScopeNotFound")],
    ..NEUTRON
};

pub const RBAC_POLICIES: ResourceType = ResourceType {
    collection: "rbac_policies",
    missing: &[Missing::any("RBAC policy of type could not be found: {id}").named("RbacPolicyNotFound")],
    complete: complete_policy,
    change: Some(as_it_is),
    arrive: share,
    leave: unshare,
    ..NEUTRON
};

/// The lengths of prefixes are texts in answers.
fn complete(_: &mut Cloud, _: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let first = body.get("prefixes").and_then(|prefixes| prefixes.get(0)?.as_str()).unwrap_or_default();
    let six = first.contains(':');
    let (version, least, most) = if six { (6, "64", "128") } else { (4, "8", "32") };
    body.insert("ip_version", json!(version));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let min = body.get("min_prefixlen").filter(|own| !own.is_null()).map_or(least.to_owned(), text);
    let usual = body.get("default_prefixlen").filter(|own| !own.is_null()).map_or(min.clone(), text);
    let max = body.get("max_prefixlen").filter(|own| !own.is_null()).map_or(most.to_owned(), text);
    for (field, value) in [("min_prefixlen", min), ("default_prefixlen", usual), ("max_prefixlen", max)] {
        body.insert(field, json!(value));
    }
    Ok(())
}

/// A pool whose addresses subnets have stays.
fn pool_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    if allocated(cloud, id).next().is_some() {
        let message = "Unable to delete subnet pool: Subnet pool has existing allocations.";
        return Err(Fault::new(Code::State, 400, message).named("SubnetPoolDeleteError"));
    }
    Ok(())
}

/// The collection that a policy is about.
fn collection_of(kind: &str) -> String {
    match kind {
        "security_group" | "network" | "qos_policy" | "address_group" | "address_scope" | "subnetpool" => {
            format!("{}s", kind.replace("policy", "policie"))
        }
        other => other.to_owned(),
    }
}

fn complete_policy(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (collection, id) = (collection_of(&text("object_type")), text("object_id"));
    let found = cloud.collection(&collection).get(&id);
    if !found.is_some_and(|found| ask.caller.is_some_and(|caller| found.is_visible_to(caller))) {
        return Err(ask.not_found_in(&collection, &id));
    }
    if let Some(target) = body.remove("target_project") {
        body.insert("target_tenant", target);
    }
    Ok(())
}

/// The project that a policy names sees what it is about; `*` is everybody.
fn share(cloud: &mut Cloud, policy: &Resource) {
    let target = policy.text("target_tenant").to_owned();
    let Some(mut shared) =
        cloud.collection(&collection_of(policy.text("object_type"))).get_mut(policy.text("object_id"))
    else {
        return;
    };
    match target.as_str() {
        "*" => shared.public = true,
        _ => {
            let mut with = shared.body.get(SHARED_WITH).and_then(Value::as_array).cloned().unwrap_or_default();
            with.push(json!(target));
            shared.set(SHARED_WITH, with);
        }
    }
}

fn unshare(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    let Some(policy) = cloud.collection("rbac_policies").get(id).cloned() else { return Ok(()) };
    let target = policy.text("target_tenant").to_owned();
    let collection = collection_of(policy.text("object_type"));
    if let Some(mut shared) = cloud.collection(&collection).get_mut(policy.text("object_id")) {
        if target == "*" {
            shared.public = shared.body.get("shared") == Some(&Value::Bool(true));
        }
        let mut with = shared.body.get(SHARED_WITH).and_then(Value::as_array).cloned().unwrap_or_default();
        with.retain(|own| *own != json!(target));
        shared.set(SHARED_WITH, with);
    }
    Ok(())
}
