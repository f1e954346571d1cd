//! Fields that follow from other resources are brought up to date before they are shown.

use serde_json::{Value, json};

use super::Ask;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;

/// Brings the resources of the collection that is asked for up to date.
pub fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    match ask.collection() {
        "server_groups" => members(cloud),
        "hypervisors" => hypervisors(cloud, ask),
        _ => {}
    }
}

/// The servers that were booted with the hint of a group are its members.
fn members(cloud: &mut Cloud) {
    let group = |server: &Resource| Some(server.body.get("scheduler_hints")?.get("group")?.as_str()?.to_owned());
    let servers: Vec<(String, String)> =
        cloud.collection("servers").iter().filter_map(|server| Some((group(server)?, server.id.clone()))).collect();
    for resource in cloud.collection("server_groups").iter_mut() {
        let own = servers.iter().filter(|(group, _)| *group == resource.id).map(|(_, id)| json!(id));
        resource.set("members", own.collect::<Value>());
    }
}

/// What the servers on a host use of it; its servers are told to those who ask for them.
fn hypervisors(cloud: &mut Cloud, ask: &Ask<'_>) {
    let servers: Vec<Resource> = cloud.collection("servers").iter().cloned().collect();
    let uptime = up(cloud);
    let wants_servers = ask.operation.id.ends_with("hypervisors.servers")
        || ask.query.last("with_servers").is_some_and(|word| crate::cloud::filter::truth(word) == Some(true));
    for hypervisor in cloud.collection("hypervisors").iter_mut() {
        let name = hypervisor.text("hypervisor_hostname").to_owned();
        let own: Vec<&Resource> =
            servers.iter().filter(|server| server.text("OS-EXT-SRV-ATTR:hypervisor_hostname") == name).collect();
        use_up(hypervisor, &own);
        hypervisor.set("uptime", uptime.clone());
        let row =
            |server: &&Resource| json!({"name": server.body.get("OS-EXT-SRV-ATTR:instance_name"), "uuid": server.id});
        hypervisor.body.shift_remove("servers");
        let is_shown = !own.is_empty() || ask.version >= crate::base::Version::minor(75).unwrap_or(ask.version);
        if wants_servers && is_shown {
            hypervisor.set("servers", own.iter().map(row).collect::<Value>());
        }
    }
}

fn use_up(hypervisor: &mut Resource, servers: &[&Resource]) {
    let sum = |field: &str| -> u64 {
        servers.iter().filter_map(|server| server.body.get("flavor")?.get(field)?.as_u64()).sum()
    };
    let number = |field: &str| hypervisor.body.get(field).and_then(Value::as_u64).unwrap_or_default();
    // Nova keeps 512 MB for the host.
    let (ram, disk, free) = (512 + sum("ram"), sum("disk"), |all: u64, used: u64| all as i64 - used as i64);
    let fields = [
        ("free_ram_mb", json!(free(number("memory_mb"), ram))),
        ("free_disk_gb", json!(free(number("local_gb"), disk))),
        ("disk_available_least", json!(free(number("local_gb"), disk))),
        ("memory_mb_used", json!(ram)),
        ("local_gb_used", json!(disk)),
        ("vcpus_used", json!(sum("vcpus"))),
        ("running_vms", json!(servers.len())),
    ];
    fields.into_iter().for_each(|(field, value)| hypervisor.set(field, value));
}

/// As `uptime` writes it: the time, and how long the host is up.
fn up(cloud: &Cloud) -> String {
    format!(" {} up 10 days,  1:02,  1 user,  load average: 0.00, 0.00, 0.00", cloud.clock.now().strftime("%H:%M:%S"))
}
