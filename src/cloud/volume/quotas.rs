//! Cinder's quotas: what a project may have, what it has, and the refusals beyond that (cinder/quota_utils.py).

use super::record::{Snapshot, Volume};
use super::refusals::invalid_input;
use crate::base::json::{Map, Value, json, object};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource, UNLIMITED, VOLUME_RESOURCES};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;
use crate::message::Response;

/// Where the quotas of projects are kept, and those of the class of all.
const SETS: &str = "volume.quota_sets";

/// Refuses a volume that does not fit.
pub fn allow_volume(cloud: &Cloud, project: Option<&str>, size: u64) -> Result<(), Fault> {
    allow_size(cloud, project, size)?;
    allow_gigabytes(cloud, project, size)?;
    let limit = limit(cloud, project, "volumes");
    match exceeds(limit, used(cloud, project, "volumes") + 1) {
        false => Ok(()),
        true => Err(over(format!(
            "VolumeLimitExceeded: Maximum number of volumes allowed ({limit}) exceeded for quota 'volumes'."
        ))),
    }
}

/// Refuses a volume that is too large by itself.
pub fn allow_size(cloud: &Cloud, project: Option<&str>, size: u64) -> Result<(), Fault> {
    let limit = limit(cloud, project, "per_volume_gigabytes");
    match exceeds(limit, size) {
        false => Ok(()),
        true => Err(over(format!(
            "VolumeSizeExceedsLimit: Requested volume size {size}G is larger than maximum allowed limit {limit}G."
        ))),
    }
}

/// Refuses a snapshot that does not fit.
pub fn allow_snapshot(cloud: &Cloud, project: Option<&str>, size: u64) -> Result<(), Fault> {
    allow_gigabytes(cloud, project, size)?;
    let limit = limit(cloud, project, "snapshots");
    match exceeds(limit, used(cloud, project, "snapshots") + 1) {
        false => Ok(()),
        true => Err(over(format!("SnapshotLimitExceeded: Maximum number of snapshots allowed ({limit}) exceeded"))),
    }
}

/// Refuses so many GiB more.
pub fn allow_gigabytes(cloud: &Cloud, project: Option<&str>, size: u64) -> Result<(), Fault> {
    let (limit, used) = (limit(cloud, project, "gigabytes"), used(cloud, project, "gigabytes"));
    match exceeds(limit, used + size) {
        false => Ok(()),
        true => Err(over(format!(
            "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. \
             Requested {size}G, quota is {limit}G and {used}G has been consumed."
        ))),
    }
}

/// Refuses a volume that would grow beyond the quota.
pub fn allow_growth(cloud: &Cloud, volume: &Resource, new: u64) -> Result<(), Fault> {
    let project = volume.project.as_deref();
    allow_size(cloud, project, new)?;
    let old = Volume::of(&volume.body).size().unwrap_or(new);
    allow_gigabytes(cloud, project, new.saturating_sub(old))
}

fn over(message: String) -> Fault {
    Fault::new(Code::Quota, 413, message)
}

fn exceeds(limit: i64, wanted: u64) -> bool {
    u64::try_from(limit).is_ok_and(|limit| wanted > limit)
}

fn limit(cloud: &Cloud, project: Option<&str>, resource: &str) -> i64 {
    let kept = |id: &str| cloud.collections.get(SETS)?.get(id)?.body.get(resource)?.as_i64();
    project.and_then(kept).or_else(|| kept("default")).unwrap_or_else(|| cloud.quotas().limit(resource))
}

/// How much of a quota a project uses.
fn used(cloud: &Cloud, project: Option<&str>, resource: &str) -> u64 {
    let of_project = |collection: &str| {
        let all = cloud.collections.get(collection).into_iter().flat_map(|all| all.iter());
        all.filter(|own| project.is_some() && own.project.as_deref() == project).collect::<Vec<_>>()
    };
    // What a fixture does not tell the size of takes nothing.
    let size = |volume: &&Resource| Volume::of(&volume.body).size().unwrap_or_default();
    let size_of_snapshot = |snapshot: &&Resource| Snapshot::of(&snapshot.body).size().unwrap_or_default();
    match resource {
        "volumes" => of_project("volumes").len() as u64,
        "snapshots" => of_project("snapshots").len() as u64,
        "gigabytes" => {
            of_project("volumes").iter().map(size).sum::<u64>()
                + of_project("snapshots").iter().map(size_of_snapshot).sum::<u64>()
        }
        _ => 0,
    }
}

/// The limits of the caller's project beside what it uses.
pub fn limits(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const LIMITS: [(&str, &str); 5] = [
        ("maxTotalVolumes", "volumes"),
        ("maxTotalSnapshots", "snapshots"),
        ("maxTotalVolumeGigabytes", "gigabytes"),
        ("maxTotalBackups", "backups"),
        ("maxTotalBackupGigabytes", "backup_gigabytes"),
    ];
    const USED: [(&str, &str); 5] = [
        ("totalVolumesUsed", "volumes"),
        ("totalGigabytesUsed", "gigabytes"),
        ("totalSnapshotsUsed", "snapshots"),
        ("totalBackupsUsed", "backups"),
        ("totalBackupGigabytesUsed", "backup_gigabytes"),
    ];
    let project = ask.query.last("project_id").filter(|_| ask.is_admin()).or(ask.project());
    let limits = LIMITS.iter().map(|(name, resource)| ((*name).to_owned(), json!(limit(cloud, project, resource))));
    let used = USED.iter().map(|(name, resource)| ((*name).to_owned(), json!(used(cloud, project, resource))));
    let absolute: Map = limits.chain(used).collect();
    ask.answer(Some(json!({"limits": {"rate": [], "absolute": absolute}})))
}

/// The quotas of a project, with what is used of each if the query asks for that.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let project = ask.id();
    let with_usage = ask.query.last("usage").is_some_and(|word| truth(word) == Some(true));
    let mut set = set(cloud, |resource| {
        let limit = limit(cloud, Some(project), resource);
        match with_usage {
            true => json!({"limit": limit, "in_use": used(cloud, Some(project), resource), "reserved": 0}),
            false => json!(limit),
        }
    });
    set.insert("id", json!(project));
    answer(ask, set)
}

/// The quotas of a project that has none of its own.
pub fn defaults(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut set = set(cloud, |resource| json!(limit(cloud, None, resource)));
    set.insert("id", json!(ask.id()));
    answer(ask, set)
}

/// Gives a project, or the class of all, quotas of its own.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let asked = ask.fields();
    let known = set(cloud, |_| json!(UNLIMITED));
    let unknown: Vec<&str> = asked
        .iter()
        .map(|(name, _)| name.as_ref())
        .filter(|name| !known.contains_key(name) && *name != "tenant_id")
        .collect();
    if !unknown.is_empty() {
        return Err(invalid_input(&format!("Bad key(s) in quota set: {}", unknown.join(","))));
    }
    let mut given = Map::new();
    for (name, value) in asked.iter().filter(|(name, _)| known.contains_key(name.as_ref())) {
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        match number.filter(|number| *number >= UNLIMITED) {
            Some(number) => drop(given.insert(name.clone(), json!(number))),
            None => return Err(Fault::new(Code::Rule, 400, format!("{name} must be >= -1"))),
        }
    }
    let kept = cloud.collection(SETS);
    let mut body = kept.get(ask.id()).map(|own| own.body.clone()).unwrap_or_default();
    body.extend(given);
    kept.put(Resource::new(ask.id().to_owned(), None, body));
    let project = ask.id().to_owned();
    answer(ask, set(cloud, |resource| json!(limit(cloud, Some(&project), resource))))
}

/// Takes the quotas of its own away from a project.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    cloud.collection(SETS).remove(ask.id());
    Ok(Response::empty(ask.status()).with("Content-Type", "application/json"))
}

/// A value for each quota; each type of volume has some of its own, which limit nothing.
fn set(cloud: &Cloud, value: impl Fn(&str) -> Value) -> Map {
    let types = cloud.collections.get("volume_types").into_iter().flat_map(|types| types.iter());
    let names = types.flat_map(|own| {
        ["volumes", "gigabytes", "snapshots"].map(|resource| format!("{resource}_{}", own.text("name")))
    });
    let names: Vec<String> = VOLUME_RESOURCES.iter().map(|(name, _)| (*name).to_owned()).chain(names).collect();
    let mut set = object!({});
    for name in names {
        let value = value(&name);
        set.insert(name, value);
    }
    set
}

/// The set under the name that its row has for it.
fn answer(ask: &Ask<'_>, set: Map) -> Result<Answer, Fault> {
    let is_class = ask.operation.path_text().contains("class");
    let name = if is_class { "quota_class_set" } else { "quota_set" };
    ask.answer(Some(json!({(name): set})))
}
