//! Servers of a fixture: booted, and brought to the state that the fixture gives.

use super::request::{Boot, Custom};
use crate::base::Version;
use crate::base::json::{Value, json};
use crate::cloud::compute::servers::advance::settle;
use crate::cloud::compute::servers::lifecycle::unplace;
use crate::cloud::network::detach;
use crate::cloud::store::{Caller, Cloud, Fault, VmState, nova_time};

/// A fixture is no client.
const CUSTOM: Custom = Custom { may_have_no_disk: true, named_by_id: false, pace: None };

/// Boots the server `id` as `body` says, in the place of one of that id.
///
/// # Errors
/// As a boot.
pub fn boot(cloud: &mut Cloud, id: &str, caller: &Caller, body: &Value) -> Result<(), Fault> {
    if cloud.collection("servers").get(id).is_some() {
        detach(cloud, id);
        cloud.collection("servers").remove(id);
    }
    let boot = Boot::look_up(cloud, body, Version::LAST, caller, CUSTOM)?;
    let reservation = super::request::reservation(cloud);
    boot.one(cloud, id, &reservation, 0);
    settle(cloud, id, false);
    Ok(())
}

/// Brings the server `id`, which runs, to the state `vm`.
pub fn bring_to(cloud: &mut Cloud, id: &str, vm: VmState) {
    let now = nova_time(&cloud.clock);
    let Some(mut server) = cloud.collection("servers").get_mut(id) else { return };
    vm.enter(&mut server, None);
    match vm {
        VmState::Error => {
            server.set("fault", json!({"code": 500, "created": now, "message": "No valid host was found. "}))
        }
        // What a revert would bring back.
        VmState::Resized => {
            let flavor = server.body.get("flavor").cloned();
            if let Some(own) = server.record.server_mut() {
                own.old_flavor = flavor;
            }
        }
        VmState::ShelvedOffloaded => unplace(&mut server),
        _ => {}
    }
}

/// Sets fields of the server `id`.
pub fn set<'f>(cloud: &mut Cloud, id: &str, fields: impl Iterator<Item = (&'f str, Value)>) {
    if let Some(mut server) = cloud.collection("servers").get_mut(id) {
        fields.for_each(|(field, value)| server.set(field, value));
    }
}
