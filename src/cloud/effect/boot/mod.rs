//! A new server: what the boot body names is looked up in Nova's order, then the server is there.

mod fields;
mod fit;
mod limits;
pub mod lookup;
pub mod plant;

use std::sync::Arc;

use serde_json::{Value, json};

use self::fit::{fits, no_host};
use self::lookup::{
    Groups, allow_hosts, flat_hints, flavor, hosts, image, key_pair, security_groups, server_group, zone,
};
use super::{Answer, Ask};
use crate::base::{Object, Pointer, Version};
use crate::cloud::block_device::{Device, Devices, check, connect};
use crate::cloud::caller::Caller;
use crate::cloud::derived::hrefs;
use crate::cloud::fault::Fault;
use crate::cloud::filter::truth;
use crate::cloud::lifecycle::begin;
use crate::cloud::network::{Wanted, attach, protect, wanted};
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::cloud::times::nova_time;
use crate::contract::{Code, Stored};

/// Boots the server, or the servers, that the body asks for; the answer tells of the first.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let nobody = Caller::default();
    let boot = Boot::look_up(cloud, ask.body, ask.version, ask.caller.map_or(&nobody, Arc::as_ref))?;
    let reservation = reservation(cloud);
    let password = boot.text("adminPass").map_or_else(|| cloud.password(), str::to_owned);
    let ids: Vec<String> = (0..boot.count)
        .map(|place| {
            let id = cloud.ids.uuid().to_string();
            boot.one(cloud, &id, &reservation, place);
            boot.tell(cloud, ask, &id);
            id
        })
        .collect();
    let first = ids.first().cloned().unwrap_or_default();
    if boot.is_true("return_reservation_id") {
        return ask.answer(Some(
            json!({"reservation_id": reservation, "servers_reservation": {"reservation_id": reservation}}),
        ));
    }
    let hrefs = hrefs("servers", &first);
    let links =
        hrefs.each_ref().map(|(relation, href)| [("rel", Stored::Text(relation)), ("href", Stored::Text(href))]);
    let links = links.each_ref().map(|link| Stored::Fields(link, None));
    let own = [("adminPass", Stored::Text(&password)), ("links", Stored::List(&links))];
    let server = cloud.collection("servers").get(&first).map(|server| &server.body);
    let answer = [("server", Stored::Fields(&own, server))];
    Ok(ask.answer_with(Some(Stored::Fields(&answer, None)))?.with("location", ask.base.resolve(&hrefs[0].1)))
}

/// A boot body whose names have been looked up.
struct Boot<'a> {
    /// The whole body: hints stand beside the server.
    whole: &'a Value,
    version: Version,
    caller: &'a Caller,
    body: Object<'a>,
    flavor: Arc<Value>,
    image: Option<Arc<Value>>,
    zone: String,
    groups: Groups,
    wanted: Vec<Wanted>,
    devices: Vec<Device<'a>>,
    count: u64,
    /// Why no server comes of it, if so.
    fails: Option<String>,
}

fn at(key: &str) -> Pointer {
    Pointer::default().key("server").key(key)
}

impl<'a> Boot<'a> {
    fn look_up(cloud: &mut Cloud, whole: &'a Value, version: Version, caller: &'a Caller) -> Result<Boot<'a>, Fault> {
        let body = whole.get("server").and_then(Object::of);
        let body = body.ok_or_else(|| Fault::new(Code::Malformed, 400, "Malformed request body"))?;
        allow_hosts(body, caller)?;
        let flavor = flavor(cloud, body, caller)?;
        let counts = limits::counts(body);
        limits::several(body, counts.1)?;
        let zone = zone(cloud, body)?;
        let image = image(cloud, body, caller)?;
        let devices = Devices::read(body);
        devices.check_root(cloud, body)?;
        let groups = security_groups(cloud, body, caller)?;
        let wanted = wanted(cloud, caller, body.get("networks"))?;
        if let Some(name) = body.get("key_name").and_then(Value::as_str) {
            key_pair(cloud, name, caller, at("key_name"))?;
        }
        let devices = devices.settled(body, counts.1)?;
        limits::extras(cloud, caller, body)?;
        fits(cloud, body, &flavor, &devices)?;
        server_group(cloud, whole)?;
        hosts(cloud, body)?;
        let count = limits::quota(cloud, caller, &flavor, counts)?;
        limits::group_quota(cloud, caller, whole, count)?;
        flat_hints(whole)?;
        check(cloud, &devices, body, &flavor, version)?;
        let fails = cloud.fixture.boot.fails.clone().or_else(|| no_host(cloud, &flavor));
        Ok(Boot { whole, version, caller, body, flavor, image, zone, groups, wanted, devices, count, fails })
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

    /// Makes the server `id`; of several each gets its number at the end of its name.
    fn one(&self, cloud: &mut Cloud, id: &str, reservation: &str, place: u64) {
        let host_id = cloud.ids.text(b"0123456789abcdef", 56);
        let project = self.caller.project.clone();
        let volumes = match self.fails {
            Some(_) => Value::Null,
            None => {
                attach(cloud, id, project.as_deref(), &self.wanted);
                connect(cloud, id, self.caller, &self.devices)
            }
        };
        protect(cloud, id, &self.groups.ids);
        let now = nova_time(&cloud.clock);
        let body = self.fields(&now, id, host_id, volumes, reservation, place);
        let mut server = Resource { id: id.to_owned(), project, public: false, body, pending: None };
        begin(&mut server, cloud.fixture.boot.pace, self.fails.as_deref(), &now, &cloud.clock);
        cloud.collection("servers").put(server);
    }

    /// Notes what was done to the server `id`, and how it will end.
    fn tell(&self, cloud: &mut Cloud, ask: &Ask<'_>, id: &str) {
        cloud.note(ask, id, ("create", "compute__do_build_and_run_instance"));
        if let Some(why) = &self.fails {
            cloud.history.fail(id, why);
        }
    }
}

fn reservation(cloud: &mut Cloud) -> String {
    ["r-", &cloud.ids.text(b"0123456789abcdefghijklmnopqrstuvwxyz", 8)].concat()
}
