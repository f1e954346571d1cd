//! Quotas and limits: of a project, of those who have none of their own, and how much of them is used.

use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, RESOURCES, Resource, UNLIMITED};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;
use crate::message::Response;

/// What Nova calls the quotas in its answer to `GET /limits`; the rest is what is used.
const LIMITS: [(&str, &str); 13] = [
    ("maxTotalCores", "cores"),
    ("maxPersonality", "injected_files"),
    ("maxPersonalitySize", "injected_file_content_bytes"),
    ("maxTotalInstances", "instances"),
    ("maxTotalKeypairs", "key_pairs"),
    ("maxServerMeta", "metadata_items"),
    ("maxImageMeta", "metadata_items"),
    ("maxTotalRAMSize", "ram"),
    ("maxServerGroups", "server_groups"),
    ("maxServerGroupMembers", "server_group_members"),
    ("maxTotalFloatingIps", "floating_ips"),
    ("maxSecurityGroups", "security_groups"),
    ("maxSecurityGroupRules", "security_group_rules"),
];

/// What Nova calls what is used. It counts nothing of what the network service has.
const USED: [(&str, &str); 6] = [
    ("totalRAMUsed", "ram"),
    ("totalCoresUsed", "cores"),
    ("totalInstancesUsed", "instances"),
    ("totalFloatingIpsUsed", "floating_ips"),
    ("totalSecurityGroupsUsed", "security_groups"),
    ("totalServerGroupsUsed", "server_groups"),
];

/// The limits of the caller's project beside what it uses; who names a project must be an administrator.
pub fn limits(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.query.last("tenant_id").filter(|_| ask.knows("tenant_id"));
    let project = asked.or(ask.project());
    if asked.is_some() && !ask.is_admin() {
        return Err(Fault::policy("os_compute_api:limits:other_project"));
    }
    let limits = cloud.limits(project);
    let limits = LIMITS.iter().map(|(name, resource)| ((*name).to_owned(), json!(limits.of(resource))));
    let used = USED.iter().map(|(name, resource)| {
        ((*name).to_owned(), json!(project.map_or(0, |project| cloud.used_by(project, resource))))
    });
    let absolute: Map = limits.chain(used).collect();
    ask.answer(Some(json!({"limits": {"absolute": absolute}})))
}

/// The quotas of a project, or of a class of projects.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known_project(cloud, ask)?;
    let set = limits_of(|resource| json!(limit(cloud, ask, resource)));
    ask.answer(Some(wrapped(ask, set)))
}

/// The default quotas of a project.
pub fn defaults(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known_project(cloud, ask)?;
    let limits = cloud.limits(None);
    let set = limits_of(|resource| json!(limits.of(resource)));
    ask.answer(Some(wrapped(ask, set)))
}

/// The quotas of a project, each beside what is used of it.
pub fn detail(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known_project(cloud, ask)?;
    let set = limits_of(
        |resource| json!({"limit": limit(cloud, ask, resource), "in_use": cloud.used_by(ask.id(), resource), "reserved": 0}),
    );
    ask.answer(Some(wrapped(ask, set)))
}

/// Gives a project, one of its users, or a class quotas of its own.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known_project(cloud, ask)?;
    let mut asked = ask.fields();
    let is_forced = match asked.remove("force") {
        Some(Value::String(word)) => truth(&word) == Some(true),
        force => force == Some(json!(true)),
    };
    let asked: Map = asked.into_iter().map(|(name, value)| (name, number(&value))).collect();
    for (resource, limit) in asked.iter().filter(|_| !is_forced && ask.collection() == "quota_sets") {
        enough(resource, limit.as_i64().unwrap_or(UNLIMITED), cloud.used_by(ask.id(), resource))?;
    }
    let key = whose(ask);
    let kept = cloud.collection(ask.collection());
    let mut body = kept.get(&key).map(|set| set.body.clone()).unwrap_or_default();
    body.extend(asked);
    kept.put(Resource::new(key, None, body));
    show(cloud, ask)
}

/// Takes the quotas of its own away from a project.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    cloud.collection(ask.collection()).remove(&whose(ask));
    let status = ask.operation.success(ask.version).map_or(202, |row| row.status);
    Ok(Response::empty(status).with("Content-Type", "application/json"))
}

fn wrapped(ask: &Ask<'_>, mut set: Map) -> Value {
    set.insert("id", json!(ask.id()));
    crate::cloud::verb::wrapped(ask, Value::Object(set))
}

fn limits_of(value: impl Fn(&str) -> Value) -> Map {
    RESOURCES.iter().map(|(resource, _)| ((*resource).to_owned(), value(resource))).collect()
}

/// The key of the quotas that are asked for: a project's, or those of one user in it.
fn whose(ask: &Ask<'_>) -> String {
    match ask.query.last("user_id").filter(|_| ask.knows("user_id")) {
        Some(user) => format!("{}/{user}", ask.id()),
        None => ask.id().to_owned(),
    }
}

fn limit(cloud: &Cloud, ask: &Ask<'_>, resource: &str) -> i64 {
    let own =
        cloud.collections.get(ask.collection()).and_then(|sets| sets.get(&whose(ask))?.body.get(resource)?.as_i64());
    own.unwrap_or_else(|| cloud.limits(Some(ask.id())).of(resource))
}

/// A limit may come as digits.
fn number(value: &Value) -> Value {
    value.as_str().and_then(|text| text.parse::<i64>().ok()).map_or_else(|| value.clone(), Value::from)
}

fn enough(resource: &str, limit: i64, used: u64) -> Result<(), Fault> {
    if limit == UNLIMITED || u64::try_from(limit).is_ok_and(|limit| limit >= used) {
        return Ok(());
    }
    let message = format!(
        "Quota limit {limit} for {resource} must be greater than or equal to already used and reserved {used}."
    );
    Err(Fault::new(Code::Rule, 400, message))
}

/// Nova asks Keystone whether there is such a project; who may not ask is believed.
fn known_project(cloud: &Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let is_known = !ask.is_admin() || ask.collection() != "quota_sets" || cloud.project_name(ask.id()).is_some();
    if is_known { Ok(()) } else { Err(invalid_project(ask.id())) }
}

/// Nova's message for a project that Keystone does not know.
pub fn invalid_project(id: &str) -> Fault {
    Fault::new(Code::Reference, 400, format!("Project ID {id} is not a valid project."))
}
