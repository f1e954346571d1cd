//! The one backend on which volumes are: its pool, what it can do, what it holds (cinder/api/contrib/scheduler_stats.py,
//! capabilities.py, hosts.py).

use super::place::SERVICES;
use super::refusals::crash;
use crate::base::json::{Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, nova_time};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// The host of Cinder's volume service.
const HOST: &str = "mockstack@lvm";

/// The pools, with their capabilities if these are asked for.
pub fn pools(cloud: &Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut pool = json!({"name": format!("{HOST}#lvm")});
    if ask.query.last("detail").and_then(truth) == Some(true) {
        pool["capabilities"] = capabilities_of_pool(cloud);
    }
    ask.answer(Some(json!({"pools": [pool]})))
}

/// What the pool can do.
pub fn capabilities_of_pool(cloud: &Cloud) -> Value {
    json!({
        "pool_name": "lvm", "total_capacity_gb": "infinite", "free_capacity_gb": "infinite", "provisioned_capacity_gb": 0,
        "reserved_percentage": 0, "QoS_support": false, "filter_function": null, "goodness_function": null,
        "consistencygroup_support": false, "replication_enabled": false, "group_replication_enabled": false,
        "allocated_capacity_gb": 0, "volume_backend_name": "lvm", "storage_protocol": "iSCSI", "vendor_name": "Open Source",
        "driver_version": "3.0.0", "timestamp": nova_time(&cloud.clock).trim_end_matches('Z'),
    })
}

/// What the backend reports of itself.
pub fn capabilities(ask: &Ask<'_>) -> Result<Answer, Fault> {
    if ask.id() != HOST {
        return Err(Fault::not_found(format!("Can't find service: {}", ask.id())));
    }
    ask.answer(Some(json!({
        "namespace": format!("OS::Storage::Capabilities::{HOST}"), "vendor_name": "Open Source",
        "volume_backend_name": "lvm", "pool_name": null, "driver_version": "3.0.0", "storage_protocol": "iSCSI",
        "display_name": null, "description": null, "visibility": null, "replication_targets": [], "properties": {},
    })))
}

/// How much is on the host, in all and of each project.
pub fn host(cloud: &Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    if ask.id() != HOST {
        return Err(Fault::not_found(format!("Service cinder-volume could not be found on host {}.", ask.id())));
    }
    let volumes = cloud.collections.get("volumes").into_iter().flat_map(|volumes| volumes.iter());
    let mut projects: Vec<&str> = volumes.filter_map(|volume| volume.project.as_deref()).collect();
    projects.sort_unstable();
    projects.dedup();
    let own = projects.into_iter().map(|project| resource(cloud, Some(project)));
    let list: Value = std::iter::once(resource(cloud, None)).chain(own).collect();
    ask.answer(Some(json!({"host": list})))
}

/// What a project has there; `None`: all together.
fn resource(cloud: &Cloud, project: Option<&str>) -> Value {
    let sums = |collection: &str| {
        let all = cloud.collections.get(collection).into_iter().flat_map(|all| all.iter());
        let own = all.filter(|one| project.is_none() || one.project.as_deref() == project);
        // What has no size takes no room.
        own.fold((0, 0), |(count, size), one| {
            (count + 1, size + one.body.get("size").and_then(Value::as_u64).unwrap_or(0))
        })
    };
    let ((volumes, volume_size), (snapshots, snapshot_size)) = (sums("volumes"), sums("snapshots"));
    json!({"resource": {
        "host": HOST, "project": project.unwrap_or("(total)"), "volume_count": volumes.to_string(),
        "total_volume_gb": volume_size.to_string(), "snapshot_count": snapshots.to_string(),
        "total_snapshot_gb": snapshot_size.to_string(),
    }})
}

/// A host can no longer be enabled or disabled: Cinder fails at it, and at what is no text.
pub fn update_host(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut enabled = cloud.collection(SERVICES).iter().filter(|own| own.text("status") == "enabled");
    if !enabled.any(|own| own.text("host") == ask.id()) {
        return Err(Fault::not_found(format!("Host {} could not be found.", ask.id())));
    }
    let refused = |what: &str, sent: &str| Err(Fault::new(Code::Rule, 400, format!("Invalid {what}: '{sent}'")));
    let fields = ask.body.as_object().ok_or_else(|| crash(ask))?;
    for (key, value) in fields.iter() {
        let value = value.as_str().ok_or_else(|| crash(ask))?;
        match (key.as_str().to_lowercase().trim(), value.to_lowercase().trim()) {
            ("status", "enable" | "disable") => {}
            ("status", _) => return refused("status", value),
            _ => return refused("update setting", key),
        }
    }
    match fields.is_empty() {
        true => ask.answer(Some(json!({}))),
        false => Err(crash(ask)),
    }
}
