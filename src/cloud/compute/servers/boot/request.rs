//! A boot body whose names have been looked up, and the server that comes of it.

use std::sync::Arc;

use super::fit::{Root, fits, needs_volume};
use super::hosts::Host;
use super::limits;
use super::lookup::{allow_hosts, at, flat_hints, flavor, hosts, image, key_pair, security_groups, server_group, zone};
use crate::base::json::{Map, Value};
use crate::base::{Version, truth};
use crate::cloud::compute::servers::block_device::{BootImage, Device, Devices, check, connect};
use crate::cloud::compute::servers::lifecycle::begin;
use crate::cloud::network::{Wanted, attach, protect, refused_later, wanted};
use crate::cloud::store::{Caller, Cloud, Fault, Flavor, Pace, Resource, nova_time};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// A boot body whose names have been looked up.
pub struct Boot<'a> {
    /// The whole body: scheduler hints are next to the server.
    pub(in crate::cloud) whole: &'a Value,
    pub(in crate::cloud) version: Version,
    pub(in crate::cloud) caller: &'a Caller,
    pub(in crate::cloud) body: &'a Map,
    pub(in crate::cloud) flavor: Value,
    pub(in crate::cloud) image: Option<Value>,
    pub(in crate::cloud) zone: Arc<str>,
    pub(in crate::cloud) groups: Vec<String>,
    pub(in crate::cloud) wanted: Vec<Wanted>,
    pub(in crate::cloud) devices: Vec<Device<'a>>,
    pub(in crate::cloud) count: u64,
    /// What its image needs, if it has one.
    pub(in crate::cloud) boot_image: Option<BootImage>,
    /// A host for each server.
    pub(in crate::cloud) hosts: Vec<Host>,
    /// Why no server comes of it, if so.
    pub(in crate::cloud) fails: Option<Failure>,
    /// What depends on the release and the request.
    pub(in crate::cloud) custom: Custom,
}

/// What boots do in some releases and on some requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Custom {
    /// May the caller boot an image on a flavor without a disk?
    pub may_have_no_disk: bool,
    /// Do the names of several servers end in their ids, instead of in numbers (`multi_instance_display_name_template`)?
    pub named_by_id: bool,
    /// How long it builds, if not as long as the fixture says.
    pub pace: Option<Pace>,
}

/// Why no server comes of a boot.
pub enum Failure {
    /// The scheduler's word.
    NoHost(String),
    /// The host gave it up, for this reason.
    Aborted(String),
}

impl Failure {
    /// What the server `id` shows of it.
    fn message(&self, id: &str) -> String {
        match self {
            Failure::NoHost(message) => message.clone(),
            Failure::Aborted(why) => format!("Build of instance {id} aborted: {why}"),
        }
    }
}

impl<'a> Boot<'a> {
    /// The first thing that is not there, or not allowed, refuses it.
    pub(in crate::cloud) fn look_up(
        cloud: &mut Cloud,
        whole: &'a Value,
        version: Version,
        caller: &'a Caller,
        custom: Custom,
    ) -> Result<Boot<'a>, Fault> {
        let body = whole.get("server").and_then(Value::as_object);
        let body = body.ok_or_else(|| Fault::new(Code::Malformed, 400, "Malformed request body"))?;
        allow_hosts(body, caller)?;
        let flavor = flavor(cloud, body, caller)?;
        let counts = limits::counts(body);
        limits::several(body, counts.1)?;
        let zone = zone(cloud, body)?.into();
        let image = image(cloud, body, caller)?;
        let devices = Devices::read(body);
        let boot_image = devices.boot_image(cloud, body)?;
        let groups = security_groups(cloud, body, caller)?;
        let wanted = wanted(cloud, caller, body.get("networks"))?;
        if let Some(name) = body.get("key_name").and_then(Value::as_str) {
            key_pair(cloud, name, caller, at("key_name"))?;
        }
        let devices = devices.settled(body, counts.1)?;
        limits::extras(cloud, caller, body)?;
        if let Some(boot_image) = &boot_image {
            let root = devices.iter().find(|device| device.is_root() && device.is_volume());
            let root = root.map_or(Root::Local, |root| Root::Volume(root.size));
            fits(boot_image, Flavor::of(&flavor), root)?;
            if !custom.may_have_no_disk {
                needs_volume(Flavor::of(&flavor), root)?;
            }
        }
        server_group(cloud, whole)?;
        hosts(cloud, body)?;
        let count = limits::quota(cloud, caller, Flavor::of(&flavor), counts)?;
        limits::group_quota(cloud, caller, whole, count)?;
        flat_hints(whole)?;
        check(cloud, &devices, body, Flavor::of(&flavor), version)?;
        let (hosts, no_host) = match super::hosts::hosts(cloud, Flavor::of(&flavor), whole, count) {
            Ok(hosts) => (hosts, None),
            Err(message) => (Vec::new(), Some(message.to_owned())),
        };
        let no_host = cloud.fixture.boot.fails.clone().or(no_host).map(Failure::NoHost);
        let fails = no_host.or_else(|| refused_later(cloud, caller, &wanted).map(Failure::Aborted));
        Ok(Boot {
            whole,
            version,
            caller,
            body,
            flavor,
            image,
            zone,
            groups,
            wanted,
            devices,
            count,
            boot_image,
            hosts,
            fails,
            custom,
        })
    }

    pub(in crate::cloud) fn text(&self, key: &str) -> Option<&str> {
        self.body.get(key)?.as_str()
    }

    pub(in crate::cloud) fn or_null(&self, key: &str) -> Value {
        self.body[key].clone()
    }

    pub(in crate::cloud) fn is_true(&self, key: &str) -> bool {
        match self.body.get(key) {
            Some(Value::Bool(bool)) => *bool,
            Some(Value::String(text)) => truth(text).unwrap_or(false),
            _ => false,
        }
    }

    /// Makes the server `id`; of several each gets its number at the end of its name.
    pub(in crate::cloud) fn one(&self, cloud: &mut Cloud, id: &str, reservation: &str, place: u64) {
        let host_id = cloud.ids.text(b"0123456789abcdef", 56);
        let project = self.caller.project.clone();
        let volumes = match self.fails {
            Some(_) => Value::Null,
            None => {
                attach(cloud, id, project.as_deref(), &self.wanted);
                connect(cloud, id, self.caller, &self.devices)
            }
        };
        protect(cloud, id, &self.groups);
        let now = nova_time(&cloud.clock);
        let body = self.fields(&now, id, &host_id, volumes, reservation, place);
        let record = self.record(host_id, place);
        let mut server = Resource { record, ..Resource::new(id, project, body) };
        let fails = self.fails.as_ref().map(|failure| failure.message(id));
        let pace = self.custom.pace.unwrap_or(cloud.fixture.boot.pace);
        begin(&mut server, pace, fails.as_deref(), &now, &cloud.clock);
        cloud.add("servers", server);
    }

    /// Notes what was done to the server `id`, and how it will end.
    pub(in crate::cloud) fn tell(&self, cloud: &mut Cloud, ask: &Ask<'_>, id: &str) {
        cloud.record_action(ask, id, ("create", "compute__do_build_and_run_instance"));
        if let Some(failure) = &self.fails {
            cloud.history.fail(id, &failure.message(id));
        }
    }
}

/// A new reservation id.
pub fn reservation(cloud: &mut Cloud) -> String {
    ["r-", &cloud.ids.text(b"0123456789abcdefghijklmnopqrstuvwxyz", 8)].concat()
}
