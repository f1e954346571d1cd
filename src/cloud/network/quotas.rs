//! Neutron's quotas: how much of everything a project may have. Source: neutron/extensions/quotasv2.py, neutron/quota.

use crate::base::json::{Map, Value, json};
use crate::base::python_repr;
use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, Owner, ResourceType};
use crate::contract::{Code, Dialect, Effect};

/// What Neutron counts: its name, the collection, and the default (neutron/conf/quota.py).
const RESOURCES: [(&str, &str, i64); 10] = [
    ("network", "networks", 100),
    ("subnet", "subnets", 100),
    ("subnetpool", "subnetpools", -1),
    ("port", "ports", 500),
    ("router", "routers", 10),
    ("floatingip", "floatingips", 50),
    ("rbac_policy", "rbac_policies", 10),
    ("security_group", "security_groups", 10),
    ("security_group_rule", "security_group_rules", 100),
    ("router_route", "", 30),
];

/// The collection that holds what was set.
const SET: &str = "network.quotas";

pub const QUOTAS: ResourceType =
    ResourceType { collection: SET, owner: Owner::Cloud, home: Dialect::Neutron, ..ResourceType::PLAIN };

/// Performs the effects that Neutron has in common with Nova by name; `None`: it is none of them.
pub fn perform(cloud: &mut Cloud, ask: &Ask<'_>) -> Option<Result<Answer, Fault>> {
    let effect = ask.operation.effect.filter(|_| ask.service.dialect == Dialect::Neutron)?;
    let id = ask.id();
    Some(match effect {
        Effect::IndexQuotas => {
            let all = cloud.collections.get(SET).into_iter().flat_map(Collection::iter);
            let all: Value = all.map(|own| limits(cloud, Some(&own.id))).map(Value::Object).collect();
            ask.answer(Some(json!({"quotas": all})))
        }
        Effect::ShowQuotaProject => ask.answer(Some(json!({"tenant": {"tenant_id": ask.project()}}))),
        Effect::ShowQuotas => ask.answer(Some(json!({"quota": limits(cloud, Some(id))}))),
        Effect::ShowDefaultQuotas => ask.answer(Some(json!({"quota": limits(cloud, None)}))),
        Effect::DetailQuotas => {
            let limits = limits(cloud, Some(id));
            let detail = |(name, collection, _): &(&str, &str, i64)| {
                let used = used(cloud, collection, id);
                ((*name).to_owned(), json!({"limit": limits.get(name), "used": used, "reserved": 0}))
            };
            let all: Map = RESOURCES.iter().map(detail).collect();
            ask.answer(Some(json!({"quota": all})))
        }
        Effect::UpdateQuotas => update(cloud, ask, id),
        Effect::DeleteQuotas => match cloud.collection(SET).remove(id) {
            Some(_) => ask.answer(None),
            None => {
                let message = format!("Quota for project {id} could not be found.");
                Err(Fault::not_found(message).named("TenantQuotaNotFound"))
            }
        },
        _ => return None,
    })
}

/// The limits of a project: the defaults, and what was set over them.
fn limits(cloud: &Cloud, project: Option<&str>) -> Map {
    let own = project.and_then(|id| cloud.collections.get(SET)?.get(id));
    let limit = |name: &str, usual: i64| own.and_then(|own| own.body.get(name)?.as_i64()).unwrap_or(usual);
    let mut limits: Map =
        RESOURCES.iter().map(|(name, _, usual)| ((*name).to_owned(), json!(limit(name, *usual)))).collect();
    limits.extend(["tenant_id", "project_id"].map(|field| (field.to_owned(), json!(project))));
    limits
}

fn used(cloud: &Cloud, collection: &str, project: &str) -> u64 {
    let all = cloud.collections.get(collection).into_iter().flat_map(Collection::iter);
    all.filter(|own| own.project.as_deref() == Some(project)).count() as u64
}

fn update(cloud: &mut Cloud, ask: &Ask<'_>, id: &str) -> Result<Answer, Fault> {
    let sent = ask.fields();
    let is_forced = sent.get("force") == Some(&Value::Bool(true));
    let mut body = cloud.collection(SET).get(id).map(|own| own.body.clone()).unwrap_or_default();
    for (name, collection, _) in RESOURCES {
        let Some(value) = sent.get(name) else { continue };
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let number = number.ok_or_else(|| {
            let message = format!("Invalid input for operation: {} is not an integer.", python_repr(value));
            Fault::new(Code::Type, 400, message).named("InvalidInput")
        })?;
        if number < -1 {
            let message = format!("Invalid input for {name}. Reason: '{number}' is too small - must be at least '-1'.");
            return Err(Fault::new(Code::Range, 400, message).named("HTTPBadRequest"));
        }
        let used = used(cloud, collection, id);
        if !is_forced && u64::try_from(number).is_ok_and(|number| number < used) {
            let message =
                format!("Quota limit {number} for {name} must be greater than or equal to already used {used}");
            return Err(Fault::new(Code::Rule, 400, message).named("HTTPBadRequest"));
        }
        body.insert(name, json!(number));
    }
    cloud.collection(SET).put(Resource::new(id, None, body));
    ask.answer(Some(json!({"quota": limits(cloud, Some(id))})))
}

/// Refuses one more than its project may have.
pub fn allow(cloud: &mut Cloud, wanted: &Resource, collection: &str) -> Result<(), Fault> {
    let Some((name, ..)) = RESOURCES.iter().find(|(_, own, _)| *own == collection) else { return Ok(()) };
    let Some(project) = wanted.project.as_deref() else { return Ok(()) };
    let limit =
        limits(cloud, Some(project)).get(name).and_then(Value::as_i64).and_then(|limit| u64::try_from(limit).ok());
    match limit {
        Some(limit) if used(cloud, collection, project) >= limit => {
            let message = format!("Quota exceeded for resources: ['{name}'].");
            Err(Fault::new(Code::Quota, 409, message).named("OverQuota"))
        }
        _ => Ok(()),
    }
}
