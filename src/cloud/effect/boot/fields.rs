//! The fields of a new server.

use serde_json::{Map, Value, json};

use super::Boot;
use super::lookup::hints;
use crate::cloud::block_device::{ON_A_VOLUME, boots_from_volume, root_name};
use crate::cloud::derived::{bookmark, derive};
use crate::cloud::state::HOST;

/// What was made for a server.
pub struct Made {
    /// Its addresses, by network.
    pub addresses: Value,
    /// Its volumes.
    pub volumes: Value,
}

impl Boot<'_> {
    /// Every form of every field.
    pub(super) fn fields(
        &self,
        now: &str,
        id: &str,
        host_id: &str,
        made: Made,
        reservation: &str,
        place: u64,
    ) -> Map<String, Value> {
        let own_name = self.text("name").unwrap_or_default().trim();
        let name = if self.count > 1 { format!("{own_name}-{}", place + 1) } else { own_name.to_owned() };
        let hostname = self.text("hostname").map_or_else(|| host_name(&name), str::to_owned);
        // Room for all of them, and for those that wait for a host.
        let mut fields = Map::with_capacity(64);
        let mut set = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
        set("id", id.into());
        set("tenant_id", self.caller.project.as_deref().into());
        set("user_id", self.caller.user.as_str().into());
        set("created", now.into());
        set("accessIPv4", self.text("accessIPv4").unwrap_or_default().into());
        set("accessIPv6", self.text("accessIPv6").unwrap_or_default().into());
        set("addresses", made.addresses);
        set("hostId", host_id.into());
        set("metadata", self.body.get("metadata").cloned().unwrap_or_else(|| json!({})));
        set("flavor", Value::Object(self.flavor.clone()));
        set("image", self.image());
        set("config_drive", if self.is_true("config_drive") { "True" } else { "" }.into());
        set("key_name", self.or_null("key_name"));
        set(
            "requested_security_groups",
            self.body.get("security_groups").cloned().unwrap_or_else(|| json!([{"name": "default"}])),
        );
        set("security_groups", self.shown_groups());
        set("locked", false.into());
        set("locked_reason", Value::Null);
        set("host_status", "UP".into());
        set("description", self.description(&name));
        set("tags", self.body.get("tags").cloned().unwrap_or_else(|| json!([])));
        set("trusted_image_certificates", self.or_null("trusted_image_certificates"));
        set("pinned_availability_zone", self.text("availability_zone").map(|_| self.zone.as_str()).into());
        set("scheduler_hints", self.hints());
        set("OS-DCF:diskConfig", self.text("OS-DCF:diskConfig").unwrap_or("MANUAL").into());
        set("OS-EXT-AZ:availability_zone", self.zone.as_str().into());
        set("OS-SRV-USG:launched_at", Value::Null);
        set("OS-SRV-USG:terminated_at", Value::Null);
        set("OS-EXT-SRV-ATTR:host", HOST.into());
        set("OS-EXT-SRV-ATTR:hypervisor_hostname", HOST.into());
        set("OS-EXT-SRV-ATTR:instance_name", format!("instance-{}", &host_id[..8]).into());
        set("OS-EXT-SRV-ATTR:reservation_id", reservation.into());
        set("OS-EXT-SRV-ATTR:launch_index", place.into());
        set("OS-EXT-SRV-ATTR:hostname", hostname.into());
        set("OS-EXT-SRV-ATTR:kernel_id", "".into());
        set("OS-EXT-SRV-ATTR:ramdisk_id", "".into());
        set("OS-EXT-SRV-ATTR:root_device_name", root_name(&self.devices).into());
        set("OS-EXT-SRV-ATTR:user_data", self.or_null("user_data"));
        set("os-extended-volumes:volumes_attached", made.volumes);
        if boots_from_volume(&self.devices) {
            set(ON_A_VOLUME, true.into());
        }
        set("progress", 0.into());
        set("name", name.into());
        derive("servers", &mut fields);
        fields
    }

    /// Before 2.19 there was no description in a request, and the name was stored for it.
    fn description(&self, name: &str) -> Value {
        let since = crate::base::Version::minor(19);
        if since.is_some_and(|since| self.ask.version < since) { json!(name) } else { self.or_null("description") }
    }

    fn image(&self) -> Value {
        match self.text("imageRef") {
            None | Some("") => json!(""),
            Some(id) => json!({"id": id, "bookmark": bookmark("images", id), "properties": self.properties}),
        }
    }

    fn shown_groups(&self) -> Value {
        match self.body.get("security_groups").and_then(Value::as_array) {
            Some(groups) if !groups.is_empty() => groups.clone().into(),
            _ => json!([{"name": "default"}]),
        }
    }

    fn hints(&self) -> Value {
        hints(self.ask.body).cloned().unwrap_or_else(|| json!({}))
    }
}

/// Nova makes a host name of a server's name: lower case, blanks and underscores to dashes, the rest dropped.
fn host_name(name: &str) -> String {
    let dashed = name.replace([' ', '_'], "-").to_lowercase();
    let kept: String = dashed.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    kept.replace('.', "-").trim_matches('-').chars().take(63).collect()
}
