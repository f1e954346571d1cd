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
    change: Some(change),
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
    let prefixes = body.list("prefixes");
    let is_six = |prefix: &Value| prefix.as_str().is_some_and(|prefix| prefix.contains(':'));
    let Some(six) = prefixes.first().map(is_six) else {
        return Err(illegal("EmptySubnetPoolPrefixList", "Empty subnet pool prefix list."));
    };
    if prefixes.iter().any(|prefix| is_six(prefix) != six) {
        return Err(illegal("PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool."));
    }
    let (version, least, most) = if six { (6, 64, 128) } else { (4, 8, 32) };
    body.insert("ip_version", json!(version));
    let length = |field: &str, usual: u64| {
        let own = body.get(field).filter(|own| !own.is_null());
        own.and_then(|own| own.as_u64().or_else(|| own.as_str()?.trim().parse().ok())).unwrap_or(usual)
    };
    let (min, max) = (length("min_prefixlen", least), length("max_prefixlen", most));
    let usual = length("default_prefixlen", min);
    let (min, max, usual) = (("min_prefixlen", min), ("max_prefixlen", max), ("default_prefixlen", usual));
    within(min, max)?;
    within(max, ("ip_version_max", most))?;
    within(min, usual).and_then(|()| within(usual, max))?;
    for (field, value) in [min, usual, max] {
        body.insert(field, json!(value.to_string()));
    }
    Ok(())
}

/// A pool only grows.
fn change(cloud: &mut Cloud, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
    let pool = cloud.collection("subnetpools").get(ask.id());
    let before = pool.and_then(|pool| pool.body.get("prefixes")?.as_array());
    let prefixes = body.get("prefixes").and_then(Value::as_array);
    if before.into_iter().flatten().any(|prefix| !prefixes.is_some_and(|all| all.contains(prefix))) {
        let why = "Existing prefixes must be a subset of the new prefixes.";
        return Err(illegal("IllegalSubnetPoolPrefixUpdate", &format!("Illegal update to prefixes: {why}")));
    }
    complete(cloud, ask, body)
}

fn illegal(name: &'static str, message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message).named(name)
}

/// Refuses lengths of prefixes that contradict each other; the refusal names the default first, and a bound after it.
fn within(low: (&str, u64), high: (&str, u64)) -> Result<(), Fault> {
    let (first, second) = if high.0 == "default_prefixlen" { (high, low) } else { (low, high) };
    let message = format!("Illegal prefix bounds: {}={}, {}={}.", first.0, first.1, second.0, second.1);
    match low.1 > high.1 {
        true => Err(illegal("IllegalSubnetPoolPrefixBounds", &message)),
        false => Ok(()),
    }
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
    let text = |key: &str| body.text(key).to_owned();
    let (collection, id) = (collection_of(&text("object_type")), text("object_id"));
    let found = cloud.collection(&collection).get(&id);
    if !found.is_some_and(|found| ask.sees(found)) {
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
            let mut with = shared.shared_with().to_vec();
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
        let mut with = shared.shared_with().to_vec();
        with.retain(|own| *own != json!(target));
        shared.set(SHARED_WITH, with);
    }
    Ok(())
}
