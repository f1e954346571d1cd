//! A new server: what the boot body names is looked up in Nova's order, then the server is there.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{Answer, Ask};
use crate::base::{FieldMap, Pointer};
use crate::cloud::derived::{bookmark, links};
use crate::cloud::fault::Fault;
use crate::cloud::filter::truth;
use crate::cloud::lifecycle::{begin, nova_time};
use crate::cloud::network::{Wanted, attach, protect, wanted};
use crate::cloud::quota::{Wish, allow};
use crate::cloud::resource::Resource;
use crate::cloud::state::{Cloud, HOST};
use crate::cloud::token::Caller;
use crate::cloud::view::properties_of_server;
use crate::contract::{Code, Stored, forced_host};

/// Boots the server, or the servers, that the body asks for; the answer tells of the first.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    if !ask.service.classic {
        return boot(cloud, ask);
    }
    let body = super::classic::canonical(ask.body);
    boot(cloud, &Ask { body: &body, ..*ask }).map_err(|fault| super::classic::fault(ask, fault))
}

fn boot(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let nobody = Caller::default();
    let boot = Boot::look_up(cloud, ask, ask.caller.unwrap_or(&nobody))?;
    let reservation = format!("r-{}", cloud.ids.text(b"0123456789abcdefghijklmnopqrstuvwxyz", 8));
    let password = boot.text("adminPass").map_or_else(|| cloud.password(), str::to_owned);
    let ids: Vec<String> = (0..boot.count).map(|place| boot.one(cloud, &reservation, place)).collect();
    let first = ids.first().cloned().unwrap_or_default();
    if boot.is_true("return_reservation_id") {
        return ask.answer(Some(
            json!({"reservation_id": reservation, "servers_reservation": {"reservation_id": reservation}}),
        ));
    }
    let (password, links) = (Value::String(password), links("servers", &first));
    let own = [("adminPass", Stored::Value(&password)), ("links", Stored::Value(&links))];
    let server = cloud.collection("servers").get(&first).map(|server| &server.body);
    let answer = [("server", Stored::Fields(&own, server))];
    let location = ask.base.resolve(&format!("self:servers/{first}"));
    Ok(ask.answer_with(Some(Stored::Fields(&answer, None)))?.with("location", location))
}

/// What a server has unless its boot says otherwise.
static NEW_SERVER: LazyLock<FieldMap> = LazyLock::new(|| {
    let fields = json!({
        "accessIPv4": "", "accessIPv6": "", "metadata": {}, "config_drive": "", "key_name": null,
        "requested_security_groups": [{"name": "default"}], "placed security_groups": [{"name": "default"}],
        "addresses": {}, "hostId": "", "OS-EXT-AZ:availability_zone": "",
        "locked": false, "locked_reason": null, "host_status": "", "placed host_status": "UP", "tags": [], "trusted_image_certificates": null,
        "pinned_availability_zone": null, "scheduler_hints": {}, "OS-DCF:diskConfig": "MANUAL",
        "OS-SRV-USG:launched_at": null, "OS-SRV-USG:terminated_at": null, "OS-EXT-SRV-ATTR:host": null,
        "placed host": HOST, "OS-EXT-SRV-ATTR:hypervisor_hostname": null, "placed hypervisor_hostname": HOST, "OS-EXT-SRV-ATTR:launch_index": 0,
        "OS-EXT-SRV-ATTR:kernel_id": "", "OS-EXT-SRV-ATTR:ramdisk_id": "", "OS-EXT-SRV-ATTR:root_device_name": "/dev/vda",
        "OS-EXT-SRV-ATTR:user_data": null, "os-extended-volumes:volumes_attached": [], "progress": 0,
    });
    fields.as_object().cloned().unwrap_or_default().into()
});

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

/// A boot body whose names have been looked up.
struct Boot<'a> {
    ask: &'a Ask<'a>,
    caller: &'a Caller,
    body: &'a Map<String, Value>,
    flavor: Value,
    properties: Value,
    zone: String,
    wanted: Vec<Wanted>,
    /// The ids and names of the security groups that are named.
    groups: Vec<(String, String)>,
    count: u64,
}

fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

impl<'a> Boot<'a> {
    fn look_up(cloud: &mut Cloud, ask: &'a Ask<'a>, caller: &'a Caller) -> Result<Boot<'a>, Fault> {
        let body = ask.body.get("server").and_then(Value::as_object);
        let body = body.ok_or_else(|| Fault::new(Code::Malformed, 400, "Malformed request body"))?;
        allow_hosts(body, caller)?;
        let flavor = flavor(cloud, body, caller)?;
        let count = count(body);
        several(body, count)?;
        let zone = zone(cloud, body)?;
        let properties = image(cloud, body, caller)?;
        let groups = security_groups(cloud, body, caller)?;
        let wanted = wanted(cloud, caller, body.get("networks"))?;
        if let Some(name) = body.get("key_name").and_then(Value::as_str) {
            key_pair(cloud, name, caller, at("key_name"))?;
        }
        server_group(cloud, ask.body)?;
        files(body)?;
        quota(cloud, caller, count)?;
        Ok(Boot { ask, caller, body, flavor, properties, zone, wanted, groups, count })
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.body.get(key)?.as_str()
    }

    fn or_null(&self, key: &str) -> Value {
        self.body.get(key).cloned().unwrap_or(Value::Null)
    }

    fn is_true(&self, key: &str) -> bool {
        match self.body.get(key) {
            Some(Value::Bool(bool)) => *bool,
            Some(Value::String(text)) => truth(text).unwrap_or(false),
            _ => false,
        }
    }

    /// Makes one server; of several each gets its number at the end of its name. Gives the id.
    fn one(&self, cloud: &mut Cloud, reservation: &str, place: u64) -> String {
        let id = cloud.ids.uuid().to_string();
        let host_id = cloud.ids.text(b"0123456789abcdef", 56);
        let addresses = attach(cloud, &id, self.caller.project.as_deref(), &self.wanted);
        protect(cloud, &id, &self.groups.iter().map(|(group, _)| group.as_str()).collect::<Vec<_>>());
        let body = self.fields(&nova_time(&cloud.clock), &id, &host_id, addresses, reservation, place);
        let project = self.caller.project.clone();
        let mut server = Resource { id: id.clone(), project, public: false, body, pending: None };
        begin(&mut server, &cloud.fixture.boot, &cloud.clock);
        cloud.collection("servers").put(server);
        cloud.note(self.ask, &id, ("create", "compute__do_build_and_run_instance"));
        if let Some(why) = &cloud.fixture.boot.fails {
            cloud.history.fail(&id, why);
        }
        id
    }

    /// Every form of every field.
    fn fields(&self, now: &str, id: &str, host_id: &str, addresses: Value, reservation: &str, place: u64) -> FieldMap {
        let own_name = self.text("name").unwrap_or_default().trim();
        let name = if self.count > 1 { format!("{own_name}-{}", place + 1) } else { own_name.to_owned() };
        let hostname = self.text("hostname").map_or_else(|| host_name(&name), str::to_owned);
        let mut fields = FieldMap::like(&NEW_SERVER, 32);
        let mut set = |name: &'static str, value: Value| drop(fields.insert(name, value));
        set("id", id.into());
        set("tenant_id", self.caller.project.as_deref().into());
        set("user_id", self.caller.user.as_str().into());
        set("created", now.into());
        set("placed addresses", addresses);
        set("placed hostId", host_id.into());
        set("flavor", self.flavor.clone());
        set("image", self.image());
        set("description", self.description(&name));
        set("placed availability_zone", self.zone.as_str().into());
        set("OS-EXT-SRV-ATTR:instance_name", format!("instance-{}", &host_id[..8]).into());
        set("OS-EXT-SRV-ATTR:reservation_id", reservation.into());
        set("OS-EXT-SRV-ATTR:hostname", hostname.into());
        set("name", name.into());
        if self.count > 1 {
            set("OS-EXT-SRV-ATTR:launch_index", place.into());
        }
        if self.is_true("config_drive") {
            set("config_drive", "True".into());
        }
        if self.text("availability_zone").is_some() {
            set("pinned_availability_zone", self.zone.as_str().into());
        }
        for (field, own) in SAID {
            if let Some(value) = self.body.get(*field) {
                set(own, value.clone());
            }
        }
        if let Some(hints) = hints(self.ask.body) {
            set("scheduler_hints", hints.clone());
        }
        if let Some(groups) = self.body.get("security_groups") {
            set("requested_security_groups", groups.clone());
            set("placed security_groups", self.shown_groups());
        }
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

    /// Groups may be asked for by their ids; they are shown by their names.
    fn shown_groups(&self) -> Value {
        match self.groups.as_slice() {
            [] => json!([{"name": "default"}]),
            groups => groups.iter().map(|(_, name)| json!({"name": name})).collect(),
        }
    }
}

/// Hints stand beside the server under either name.
fn hints(body: &Value) -> Option<&Value> {
    ["os:scheduler_hints", "OS-SCH-HNT:scheduler_hints"].iter().find_map(|key| body.get(*key))
}

/// Nova makes a host name of a server's name: lower case, blanks and underscores to dashes, the rest dropped.
fn host_name(name: &str) -> String {
    let dashed = name.replace([' ', '_'], "-").to_lowercase();
    let kept: String = dashed.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    kept.replace('.', "-").trim_matches('-').chars().take(63).collect()
}

/// Naming a host is for administrators.
fn allow_hosts(body: &Map<String, Value>, caller: &Caller) -> Result<(), Fault> {
    let word = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let forced = word("availability_zone").and_then(forced_host).map(|_| "os_compute_api:servers:create:forced_host");
    let requested =
        word("host").or(word("hypervisor_hostname")).map(|_| "compute:servers:create:requested_destination");
    match forced.or(requested) {
        Some(rule) if !caller.admin => Err(Fault::policy(rule)),
        _ => Ok(()),
    }
}

/// `flavorRef` is an id or a URL that ends in one. The server keeps a copy in both forms that answers have.
fn flavor(cloud: &mut Cloud, body: &Map<String, Value>, caller: &Caller) -> Result<Value, Fault> {
    let reference = match body.get("flavorRef") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let id = reference.rsplit('/').next().unwrap_or_default();
    let found = cloud.collection("flavors").get(id).filter(|flavor| flavor.is_visible_to(caller));
    let flavor =
        found.ok_or_else(|| Fault::reference(400, at("flavorRef"), format!("Flavor {id} could not be found.")))?;
    Ok(Value::Object(copy_of_flavor(flavor)))
}

/// What a server keeps of its flavor.
pub fn copy_of_flavor(flavor: &Resource) -> Map<String, Value> {
    let field = |name: &str| flavor.body.get(name).cloned().unwrap_or_else(|| json!(0));
    let mut copy = Map::with_capacity(9);
    let mut set = |key: &str, value: Value| drop(copy.insert(key.to_owned(), value));
    set("id", flavor.id.as_str().into());
    set("bookmark", bookmark("flavors", &flavor.id));
    for own in ["vcpus", "ram", "disk", "swap"] {
        set(own, field(own));
    }
    set("ephemeral", field("OS-FLV-EXT-DATA:ephemeral"));
    set("original_name", flavor.text("name").into());
    set("extra_specs", flavor.body.get("extra_specs").cloned().unwrap_or_else(|| json!({})));
    copy
}

fn zone(cloud: &Cloud, body: &Map<String, Value>) -> Result<String, Fault> {
    let zones = cloud.zones();
    let asked = body.get("availability_zone").and_then(Value::as_str).unwrap_or_default();
    match asked.split(':').next().unwrap_or_default().trim() {
        "" => Ok(zones.first().cloned().unwrap_or_default()),
        zone if zones.iter().any(|known| known == zone) || asked.contains(':') => Ok(zone.to_owned()),
        _ => Err(Fault::reference(400, at("availability_zone"), "The requested availability zone is not available")),
    }
}

/// The properties of the image that mean something to Nova; the server keeps a copy.
fn image(cloud: &mut Cloud, body: &Map<String, Value>, caller: &Caller) -> Result<Value, Fault> {
    let id = body.get("imageRef").and_then(Value::as_str).unwrap_or_default();
    if id.is_empty() {
        return Ok(json!({}));
    }
    let found =
        cloud.collections.get("images").and_then(|images| images.get(id)).filter(|image| image.is_visible_to(caller));
    let image = found.ok_or_else(|| Fault::reference(400, at("imageRef"), "Can not find requested image"))?;
    Ok(properties_of_server(image))
}

/// What only one server can have.
fn several(body: &Map<String, Value>, count: u64) -> Result<(), Fault> {
    let networks = || body.get("networks").and_then(Value::as_array).into_iter().flatten();
    let names = |key: &str| networks().any(|network| network.get(key).is_some_and(|value| !value.is_null()));
    let (field, message) = match count {
        2.. if names("fixed_ip") => ("networks", ONE_ADDRESS),
        2.. if names("port") => ("networks", ONE_PORT),
        2.. if body.contains_key("hostname") => {
            ("hostname", "Unable to allocate a single hostname to multiple instances")
        }
        _ => return Ok(()),
    };
    Err(Fault { at: Some(at(field)), ..Fault::new(Code::Rule, 400, message) })
}

const ONE_ADDRESS: &str = "Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified.";
const ONE_PORT: &str = "Failed to launch instances: Unable to launch multiple instances with a single configured port ID. Please \
    launch your instance one by one with different ports.";

fn server_group(cloud: &mut Cloud, body: &Value) -> Result<(), Fault> {
    let Some(id) = hints(body).and_then(|hints| hints.get("group")).and_then(Value::as_str) else { return Ok(()) };
    if cloud.collection("server_groups").get(id).is_some() {
        return Ok(());
    }
    let hints = Pointer::default().key("os:scheduler_hints").key("group");
    Err(Fault::reference(400, hints, format!("Instance group {id} could not be found.")))
}

/// Nova's default quota of injected files.
fn files(body: &Map<String, Value>) -> Result<(), Fault> {
    const MOST: usize = 5;
    match body.get("personality").and_then(Value::as_array) {
        Some(files) if files.len() > MOST => Err(Fault::new(Code::Quota, 403, "Personality file limit exceeded")),
        _ => Ok(()),
    }
}

/// Groups go by name or by id.
fn security_groups(
    cloud: &mut Cloud,
    body: &Map<String, Value>,
    caller: &Caller,
) -> Result<Vec<(String, String)>, Fault> {
    let mut groups = Vec::new();
    for group in body.get("security_groups").and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = group.get("name").and_then(Value::as_str) else { continue };
        let is_it = |g: &Resource| g.is_owned_by(caller) && (g.id == name || g.text("name") == name);
        let found = cloud.collection("security_groups").iter().find(|group| is_it(group));
        match found {
            Some(group) => groups.push((group.id.clone(), group.text("name").to_owned())),
            None if name == "default" => {}
            None => {
                let message = format!("Unable to find security_group with name or id '{name}'");
                return Err(Fault::reference(400, at("security_groups"), message));
            }
        }
    }
    Ok(groups)
}

/// Has the caller a key pair of that name?
pub fn key_pair(cloud: &mut Cloud, name: &str, caller: &Caller, at: Pointer) -> Result<(), Fault> {
    let is_it = |pair: &Resource| pair.text("name") == name.trim() && pair.text("user_id") == caller.user;
    if cloud.collection("keypairs").iter().any(is_it) {
        return Ok(());
    }
    Err(Fault::reference(400, at, "Invalid key_name provided."))
}

fn quota(cloud: &mut Cloud, caller: &Caller, requested: u64) -> Result<(), Fault> {
    let limit = cloud.limit(caller.project.as_deref().unwrap_or_default(), "instances");
    let used = cloud.used(caller).count;
    allow(&[Wish { resource: "instances", requested, used, limit }])
}

/// `max_count`, or else `min_count`, or else one.
fn count(body: &Map<String, Value>) -> u64 {
    let number = |key: &str| match body.get(key)? {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64().map(|count| count as u64),
    };
    number("max_count").or_else(|| number("min_count")).unwrap_or(1)
}
