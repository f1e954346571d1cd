//! Hosts, as Nova told of them until 2.42: what runs on each, and what is used of it. Source: answers of nova 34.0.0.

use super::hypervisors::HYPERVISORS;
use super::services::{SERVICES, refresh};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Flavor, Resource};
use crate::cloud::verb::{Answer, Ask};

/// The services that are enabled, in the zone of the query if it names one.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud);
    let zone = ask.query.last("zone").filter(|zone| !zone.is_empty());
    let services = cloud.collection(SERVICES.collection).iter();
    let meant = services.filter(|service| service.text("status") != "disabled");
    let meant = meant.filter(|service| zone.is_none_or(|zone| service.text("zone") == zone));
    let hosts: Value = meant.map(row).collect();
    ask.answer(Some(json!({"hosts": hosts})))
}

fn row(service: &Resource) -> Value {
    let name = service.text("binary").trim_start_matches("nova-");
    json!({"host_name": service.text("host"), "service": name, "zone": service.text("zone")})
}

/// What a host has, what is used of it, and by which project.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known(cloud, ask)?;
    (HYPERVISORS.refresh)(cloud, ask);
    let is_here = |hypervisor: &&Resource| {
        let service = hypervisor.body.get("service").and_then(|service| service.get("host"));
        service.and_then(Value::as_str) == Some(ask.id())
    };
    let node = cloud.collection(HYPERVISORS.collection).iter().find(is_here).map(|node| node.body.clone());
    let node = node.ok_or_else(|| unmapped(ask))?;
    let size = |fields: [&str; 3]| fields.map(|field| node.get(field).and_then(Value::as_u64).unwrap_or(0));
    let mut rows = vec![
        ("(total)".to_owned(), size(["vcpus", "memory_mb", "local_gb"])),
        ("(used_now)".to_owned(), size(["vcpus_used", "memory_mb_used", "local_gb_used"])),
        ("(used_max)".to_owned(), [0; 3]),
    ];
    let on_host = |server: &&Resource| server.text("OS-EXT-SRV-ATTR:host") == ask.id();
    for server in cloud.collection("servers").iter().filter(on_host) {
        let flavor = Flavor::of_server(server);
        let taken = [flavor.vcpus(), flavor.ram(), flavor.disks()];
        take(&mut rows, "(used_max)", taken);
        take(&mut rows, server.text("tenant_id"), taken);
    }
    let host: Value = rows.iter().map(|(project, size)| resource(ask.id(), project, *size)).collect();
    ask.answer(Some(json!({"host": host})))
}

/// Adds what is taken to the row of a project.
fn take(rows: &mut Vec<(String, [u64; 3])>, project: &str, taken: [u64; 3]) {
    match rows.iter_mut().find(|(own, _)| own == project) {
        Some((_, sum)) => sum.iter_mut().zip(taken).for_each(|(sum, taken)| *sum += taken),
        None => rows.push((project.to_owned(), taken)),
    }
}

fn resource(host: &str, project: &str, [cpu, memory, disk]: [u64; 3]) -> Value {
    json!({"resource": {"host": host, "project": project, "cpu": cpu, "memory_mb": memory, "disk_gb": disk}})
}

/// Enables or disables a host, or says that it is maintained.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known(cloud, ask)?;
    let asked =
        |field: &str| ask.body.get(field).and_then(Value::as_str).map(|word| word.eq_ignore_ascii_case("enable"));
    let mut told = Map::from_iter([("host".to_owned(), json!(ask.id()))]);
    if let Some(enabled) = asked("status") {
        let status = if enabled { "enabled" } else { "disabled" };
        cloud.collection(SERVICES.collection).for_each_mut(|service| {
            if service.text("host") == ask.id() && service.text("binary") == "nova-compute" {
                service.set("status", status);
            }
        });
        told.insert("status", json!(status));
    }
    if let Some(maintained) = asked("maintenance_mode") {
        told.insert("maintenance_mode", json!(if maintained { "on_maintenance" } else { "off_maintenance" }));
    }
    ask.answer(Some(Value::Object(told)))
}

/// Starts, stops or restarts a host, as the path ends.
pub fn power(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    known(cloud, ask)?;
    let action = ask.operation.id.rsplit('.').next();
    ask.answer(Some(json!({"host": ask.id(), "power_action": action})))
}

fn known(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let runs = |service: &Resource| service.text("host") == ask.id() && service.text("binary") == "nova-compute";
    match cloud.collection(SERVICES.collection).iter().any(runs) {
        true => Ok(()),
        false => Err(unmapped(ask)),
    }
}

fn unmapped(ask: &Ask<'_>) -> Fault {
    Fault::not_found(format!("Host '{}' is not mapped to any cell", ask.id()))
}
