//! Hypervisors: what they are together, which of them have a name, and what their servers use of them.

use foldhash::HashMap;

use super::by_number::locate;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Flavor, Resource};
use crate::cloud::verb::{Answer, Ask, Listed, Missing, ResourceType, visible_resources};
use crate::contract::Effect;

pub const HYPERVISORS: ResourceType = ResourceType {
    collection: "hypervisors",
    missing: &[Missing::any("Hypervisor with ID '{id}' could not be found.")],
    refresh,
    locate,
    list,
    ..ResourceType::OTHER
};

/// A list that a pattern empties is refused.
fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let listed = visible_resources(cloud, ask)?;
    match ask.query.last("hypervisor_hostname_pattern") {
        Some(pattern) if listed.resources.is_empty() => Err(no_match(pattern)),
        _ => Ok(listed),
    }
}

/// What is added up.
const SUMMED: [&str; 11] = [
    "vcpus",
    "memory_mb",
    "local_gb",
    "vcpus_used",
    "memory_mb_used",
    "local_gb_used",
    "free_ram_mb",
    "free_disk_gb",
    "current_workload",
    "running_vms",
    "disk_available_least",
];

/// Summary statistics over all hypervisors.
pub fn statistics(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    let hypervisors = cloud.collection(ask.collection());
    let sum =
        |field: &str| -> i64 { hypervisors.iter().filter_map(|hypervisor| hypervisor.body.get(field)?.as_i64()).sum() };
    let mut sums: Map = SUMMED.iter().map(|field| ((*field).to_owned(), json!(sum(field)))).collect();
    sums.insert("count", json!(hypervisors.iter().count()));
    ask.answer(Some(json!({"hypervisor_statistics": sums})))
}

/// The hypervisors in whose names is the text of the path.
pub fn search(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    refresh(cloud, ask);
    let found: Vec<Value> = cloud
        .collection(ask.collection())
        .iter()
        .filter(|hypervisor| hypervisor.text("hypervisor_hostname").contains(ask.id()))
        .map(|hypervisor| Value::Object(hypervisor.body.clone()))
        .collect();
    if found.is_empty() {
        return Err(no_match(ask.id()));
    }
    ask.answer(Some(json!({"hypervisors": found})))
}

/// What Nova says where no name matches.
fn no_match(pattern: &str) -> Fault {
    Fault::not_found(format!("No hypervisor matching '{pattern}' could be found."))
}

/// A server as its hypervisor sees it.
struct Guest {
    hypervisor: String,
    row: Value,
    vcpus: u64,
    ram: u64,
    disk: u64,
}

impl Guest {
    fn of(server: &Resource) -> Guest {
        let flavor = Flavor::of_server(server);
        Guest {
            hypervisor: server.text("OS-EXT-SRV-ATTR:hypervisor_hostname").to_owned(),
            row: json!({"name": server.text("OS-EXT-SRV-ATTR:instance_name"), "uuid": server.id}),
            vcpus: flavor.vcpus(),
            ram: flavor.ram(),
            disk: flavor.disks(),
        }
    }
}

/// What the servers on a host use of it; its servers are told to those who ask for them.
fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    let mut guests: HashMap<String, Vec<Guest>> = HashMap::default();
    for guest in cloud.collection("servers").iter().map(Guest::of) {
        guests.entry(guest.hypervisor.clone()).or_default().push(guest);
    }
    let uptime = up(cloud);
    let wants_servers = ask.operation.effect == Some(Effect::SearchHypervisorServers)
        || ask.query.last("with_servers").is_some_and(|word| truth(word) == Some(true));
    // An empty list is told since 2.75 only.
    let tells_none = ask.version.is_since(2, 75);
    cloud.collection("hypervisors").for_each_mut(|hypervisor| {
        let own = guests.remove(hypervisor.text("hypervisor_hostname")).unwrap_or_default();
        use_up(hypervisor, &own);
        hypervisor.set("uptime", uptime.as_str());
        hypervisor.body.remove("servers");
        if wants_servers && (tells_none || !own.is_empty()) {
            hypervisor.set("servers", own.iter().map(|guest| guest.row.clone()).collect::<Value>());
        }
    });
}

fn use_up(hypervisor: &mut Resource, guests: &[Guest]) {
    let sum = |size: fn(&Guest) -> u64| guests.iter().map(size).sum::<u64>();
    // A hypervisor of a fixture that does not say how large it is has nothing.
    let whole = |field: &str| hypervisor.body.get(field).and_then(Value::as_i64).unwrap_or(0);
    // Nova keeps 512 MB for the host.
    let (ram, disk) = (512 + sum(|guest| guest.ram) as i64, sum(|guest| guest.disk) as i64);
    let fields = [
        ("free_ram_mb", whole("memory_mb") - ram),
        ("free_disk_gb", whole("local_gb") - disk),
        ("disk_available_least", whole("local_gb") - disk),
        ("memory_mb_used", ram),
        ("local_gb_used", disk),
        ("vcpus_used", sum(|guest| guest.vcpus) as i64),
        ("running_vms", guests.len() as i64),
    ];
    fields.into_iter().for_each(|(field, value)| hypervisor.set(field, value));
}

/// As `uptime` writes it: the time, and how long the host is up.
fn up(cloud: &Cloud) -> String {
    format!(" {} up 10 days,  1:02,  1 user,  load average: 0.00, 0.00, 0.00", cloud.clock.now().strftime("%H:%M:%S"))
}
