//! Fields that follow from other resources are brought up to date before they are shown.

use foldhash::HashMap;
use serde_json::{Value, json};

use super::ask::Ask;
use crate::base::{FieldMap, Version, truth};
use crate::cloud::store::{Cloud, Collection, Key, Resource, derive, listed, stored_time};

/// Brings the resources of the collection that is asked for up to date.
pub fn refresh(cloud: &mut Cloud, ask: &Ask<'_>) {
    match ask.collection() {
        "server_groups" => members(cloud),
        "hypervisors" => hypervisors(cloud, ask),
        "services" | "availability_zones" => services(cloud),
        "identity.services" | "endpoints" => catalog(cloud, ask),
        _ => {}
    }
}

/// The servers that were booted with the hint of a group are its members.
fn members(cloud: &mut Cloud) {
    let servers = cloud.collections.get("servers");
    let of = |group: &Resource| {
        let members = servers.into_iter().flat_map(|servers| servers.with(&Key::Group(group.id.as_str().into())));
        members.map(|server| json!(server.id)).collect::<Value>()
    };
    let groups = cloud.collections.get("server_groups").into_iter().flat_map(Collection::iter);
    let mut members = groups.map(of).collect::<Vec<_>>().into_iter();
    cloud.collection("server_groups").for_each_mut(|group| group.set("members", members.next()));
}

/// Services report every few seconds, and are in the zone of their host.
fn services(cloud: &mut Cloud) {
    let now = stored_time(cloud.clock.now());
    let zones: Vec<String> = match cloud.collections.get("services") {
        Some(services) => services.iter().map(|service| cloud.zone_of(service)).collect(),
        None => return,
    };
    let mut zones = zones.into_iter();
    cloud.collection("services").for_each_mut(|service| {
        service.set("updated_at", now.as_str());
        service.set("zone", zones.next().unwrap_or_default());
    });
}

/// Keystone's services and endpoints are those of the catalog.
fn catalog(cloud: &mut Cloud, ask: &Ask<'_>) {
    let living = ask.contracts.living().map(|contract| &contract.service);
    for (collection, fields) in listed(&cloud.fixture, living) {
        let id = fields["id"].as_str().unwrap_or_default().to_owned();
        if cloud.collection(collection).get(&id).is_none() {
            let mut body = FieldMap::from(fields.as_object().cloned().unwrap_or_default());
            derive(collection, &mut body);
            cloud.collection(collection).put(Resource { id, project: None, public: true, body, pending: None });
        }
    }
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
        let size =
            |field: &str| server.body.get("flavor").and_then(|flavor| flavor.get(field)?.as_u64()).unwrap_or_default();
        Guest {
            hypervisor: server.text("OS-EXT-SRV-ATTR:hypervisor_hostname").to_owned(),
            row: json!({"name": server.text("OS-EXT-SRV-ATTR:instance_name"), "uuid": server.id}),
            vcpus: size("vcpus"),
            ram: size("ram"),
            disk: size("disk") + size("ephemeral"),
        }
    }
}

/// What the servers on a host use of it; its servers are told to those who ask for them.
fn hypervisors(cloud: &mut Cloud, ask: &Ask<'_>) {
    let mut guests: HashMap<String, Vec<Guest>> = HashMap::default();
    for guest in cloud.collection("servers").iter().map(Guest::of) {
        guests.entry(guest.hypervisor.clone()).or_default().push(guest);
    }
    let uptime = up(cloud);
    let wants_servers = ask.operation.id.ends_with("hypervisors.servers")
        || ask.query.last("with_servers").is_some_and(|word| truth(word) == Some(true));
    // An empty list is told since 2.75 only.
    let tells_none = Version::minor(75).is_some_and(|since| ask.version >= since);
    cloud.collection("hypervisors").for_each_mut(|hypervisor| {
        let own = guests.remove(hypervisor.text("hypervisor_hostname")).unwrap_or_default();
        use_up(hypervisor, &own);
        hypervisor.set("uptime", uptime.as_str());
        hypervisor.body.shift_remove("servers");
        if wants_servers && (tells_none || !own.is_empty()) {
            hypervisor.set("servers", own.iter().map(|guest| guest.row.clone()).collect::<Value>());
        }
    });
}

fn use_up(hypervisor: &mut Resource, guests: &[Guest]) {
    let sum = |size: fn(&Guest) -> u64| guests.iter().map(size).sum::<u64>();
    let whole = |field: &str| hypervisor.body.get(field).and_then(Value::as_i64).unwrap_or_default();
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
