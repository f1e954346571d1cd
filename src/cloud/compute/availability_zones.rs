//! Availability zones: those of the fixture, and those that aggregates make of their hosts.

use super::services::refresh;
use crate::base::json::{Map, Name, Value, json};

use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::{Answer, Ask};

/// The zone of Nova's own services.
const INTERNAL: &str = "internal";

/// The zones; one with only disabled hosts is not available. The detailed list has Nova's own zone too, and the services on the
/// hosts of each.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>, is_detailed: bool) -> Result<Answer, Fault> {
    refresh(cloud);
    let mut names = cloud.zones();
    if is_detailed {
        names.insert(0, INTERNAL);
    }
    let zone = |name: &&str| {
        let services = cloud.collections.get("services").into_iter().flat_map(Collection::iter);
        let own: Vec<&Resource> = services.filter(|service| service.text("zone") == *name).collect();
        let available = own.is_empty() || own.iter().any(|service| service.text("status") == "enabled");
        let hosts = if is_detailed && available { hosts(&own) } else { Value::Null };
        json!({"zoneName": name, "zoneState": {"available": available}, "hosts": hosts})
    };
    let zones: Value = names.iter().map(zone).collect();
    ask.answer(Some(json!({"availabilityZoneInfo": zones})))
}

/// Services by host and by their own name.
fn hosts(services: &[&Resource]) -> Value {
    let mut hosts: Map = Map::new();
    for service in services {
        let state = json!({
            "active": service.text("status") == "enabled",
            "available": service.text("state") == "up",
            "updated_at": service.body.get("updated_at"),
        });
        let host = hosts.get_or_insert_with(Name::copy_of(service.text("host")), || json!({}));
        host[service.text("binary")] = state;
    }
    Value::Object(hosts)
}

impl Cloud {
    /// The zones in which a server can be booted: the fixture's, and those of aggregates that have hosts.
    pub(in crate::cloud) fn zones(&self) -> Vec<&str> {
        let own = self.fixture.availability_zones.iter().map(String::as_str);
        let made = self.aggregates().filter(|aggregate| !hosts_of(aggregate).is_empty());
        let made = made.map(|aggregate| aggregate.text("availability_zone")).filter(|zone| !zone.is_empty());
        let mut zones = Vec::new();
        for zone in own.chain(made) {
            if !zones.contains(&zone) {
                zones.push(zone);
            }
        }
        zones
    }

    /// The zone of a service: that of its host's aggregate, or else its own.
    pub(in crate::cloud) fn zone_of(&self, service: &Resource) -> String {
        let host = json!(service.text("host"));
        let holds = |aggregate: &&Resource| {
            hosts_of(aggregate).contains(&host) && !aggregate.text("availability_zone").is_empty()
        };
        match service.text("zone") {
            INTERNAL => INTERNAL.to_owned(),
            own => {
                self.aggregates().find(holds).map_or(own, |aggregate| aggregate.text("availability_zone")).to_owned()
            }
        }
    }

    fn aggregates(&self) -> impl Iterator<Item = &Resource> {
        self.collections.get("aggregates").into_iter().flat_map(|aggregates| aggregates.iter())
    }
}

fn hosts_of(aggregate: &Resource) -> &[Value] {
    aggregate.body.list("hosts")
}
