//! The fields of a new server.

use std::sync::{Arc, LazyLock};

use super::hosts::Host;
use super::lookup::hints;
use super::request::Boot;
use crate::base::json::{Map, Value, json, object};
use crate::base::python_str;
use crate::cloud::compute::servers::access_address::kept;
use crate::cloud::compute::servers::block_device::{boots_from_volume, root_name};
use crate::cloud::store::{Flavor, Placement, Record, Resource, Server, VmState};

/// What a server has unless its boot says otherwise.
static NEW_SERVER: LazyLock<Map> = LazyLock::new(|| {
    let fields = object!({
        "accessIPv4": "", "accessIPv6": "", "metadata": {}, "config_drive": "", "key_name": null,
        "requested_security_groups": [{"name": "default"}],
        "addresses": {}, "hostId": "", "OS-EXT-AZ:availability_zone": "",
        "locked": false, "locked_reason": null, "host_status": "", "tags": [], "trusted_image_certificates": null,
        "pinned_availability_zone": null, "scheduler_hints": {}, "OS-DCF:diskConfig": "MANUAL",
        "OS-SRV-USG:launched_at": null, "OS-SRV-USG:terminated_at": null, "OS-EXT-SRV-ATTR:host": null,
        "OS-EXT-SRV-ATTR:hypervisor_hostname": null, "OS-EXT-SRV-ATTR:launch_index": 0,
        "OS-EXT-SRV-ATTR:kernel_id": "", "OS-EXT-SRV-ATTR:ramdisk_id": "", "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
        "OS-EXT-SRV-ATTR:user_data": null, "os-extended-volumes:volumes_attached": [], "progress": 0,
    });
    let mut server = Resource::new("", None, fields);
    VmState::Building.enter(&mut server, Some("scheduling"));
    server.body
});

static UP: LazyLock<Arc<str>> = LazyLock::new(|| "UP".into());

/// Fields of the body that a server keeps as they are, and what it calls them.
const SAID: &[(&str, &str)] = &[
    ("accessIPv4", "accessIPv4"),
    ("accessIPv6", "accessIPv6"),
    ("metadata", "metadata"),
    ("key_name", "key_name"),
    ("tags", "tags"),
    ("trusted_image_certificates", "trusted_image_certificates"),
    ("OS-DCF:diskConfig", "OS-DCF:diskConfig"),
    ("user_data", "OS-EXT-SRV-ATTR:user_data"),
];

impl Boot<'_> {
    /// Every form of every field; `volumes` are null if it has none.
    pub(in crate::cloud) fn fields(
        &self,
        now: &str,
        id: &str,
        host_id: &str,
        volumes: Value,
        reservation: &str,
        place: u64,
    ) -> Map {
        // The contract requires a name.
        let own_name = self.text("name").unwrap_or("").trim();
        let name = match self.count {
            0..=1 => own_name.to_owned(),
            _ if self.custom.named_by_id => format!("{own_name}-{id}"),
            _ => format!("{own_name}-{}", place + 1),
        };
        let hostname = self.text("hostname").map_or_else(|| host_name(&name), str::to_owned);
        let mut fields = Map::over(&NEW_SERVER, 18);
        fields.push("flavor", self.flavor.clone());
        match &self.image {
            Some(image) => fields.push("image", image.clone()),
            None => fields.push("image", ""),
        }
        let mut set = |name: &'static str, value: Value| fields.push(name, value);
        set("id", id.into());
        set("tenant_id", self.caller.project.as_deref().into());
        set("user_id", self.caller.user.as_str().into());
        set("created", now.into());
        set("updated", now.into());
        set("OS-EXT-SRV-ATTR:instance_name", ["instance-", &host_id[..8]].concat().into());
        set("description", self.description(&name));
        set("OS-EXT-SRV-ATTR:reservation_id", reservation.into());
        set("OS-EXT-SRV-ATTR:hostname", hostname.into());
        set("name", name.into());
        if !volumes.is_null() {
            set("os-extended-volumes:volumes_attached", volumes);
            set("OS-EXT-SRV-ATTR:root_device_name", root_name(&self.devices).into());
        }
        if self.count > 1 {
            set("OS-EXT-SRV-ATTR:launch_index", place.into());
        }
        if self.is_true("config_drive") {
            set("config_drive", "True".into());
        }
        if self.text("availability_zone").is_some() {
            set("pinned_availability_zone", (&*self.zone).into());
        }
        for (field, own) in SAID {
            if let Some(value) = self.body.get(field) {
                set(own, kept(field, value));
            }
        }
        if let Some(hints) = hints(self.whole) {
            set("scheduler_hints", listed(hints));
        }
        if let Some(groups) = self.body.get("security_groups") {
            set("requested_security_groups", groups.clone());
        }
        fields
    }

    /// What the code knows of the server at `place` of those that are booted; its host shows itself as `host_id`.
    pub(in crate::cloud) fn record(&self, host_id: String, place: u64) -> Record {
        let host = usize::try_from(place).ok().and_then(|place| self.hosts.get(place)).cloned();
        let Host { host, node } = host.unwrap_or_else(Host::first);
        let placement = Placement {
            host,
            hypervisor_hostname: node,
            host_id: host_id.into(),
            host_status: Arc::clone(&UP),
            availability_zone: Arc::clone(&self.zone),
        };
        let boots_from_volume = boots_from_volume(&self.devices);
        Record::Server(Box::new(Server {
            placement: Some(Box::new(placement)),
            boots_from_volume,
            min_ram: self.boot_image.as_ref().map_or(0, |image| image.min_ram),
            min_disk: self.boot_image.as_ref().map_or(0, |image| image.min_disk.max(Flavor::of(&self.flavor).disk())),
            ..Server::default()
        }))
    }

    /// Before 2.19 there was no description in a request, and the name was stored for it.
    fn description(&self, name: &str) -> Value {
        let since = crate::base::Version::minor(19);
        if since.is_some_and(|since| self.version < since) { json!(name) } else { self.or_null("description") }
    }
}

/// Nova makes a host name of a server's name: lower case, blanks and underscores to dashes, the rest dropped.
fn host_name(name: &str) -> String {
    let dashed = name.replace([' ', '_'], "-").to_lowercase();
    let kept: String = dashed.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    kept.replace('.', "-").trim_matches('-').chars().take(63).collect()
}

/// Nova keeps every hint as a list of texts.
fn listed(hints: &Value) -> Value {
    let texts = |hint: &Value| match hint {
        Value::Array(all) => all.iter().map(|one| json!(python_str(one))).collect(),
        one => Value::Array(vec![json!(python_str(one))]),
    };
    hints.as_object().into_iter().flatten().map(|(name, hint)| (name.to_string(), texts(hint))).collect::<Map>().into()
}
