//! Creates a server: looks up what the body names in Nova's order, then stores the server.

mod fields;
pub mod fit;
mod hosts;
pub mod in_fixture;
pub mod limits;
pub mod lookup;
mod request;

use std::sync::Arc;

use crate::base::json::{Map, json};
use crate::cloud::compute::servers::boot::request::{Boot, Custom, reservation};
use crate::cloud::store::{Caller, Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, hrefs};

/// Since Stein only administrators may do without a disk; before Kilo there were ids at the ends of names.
fn custom(ask: &Ask<'_>, caller: &Caller) -> Custom {
    Custom {
        may_have_no_disk: caller.admin || ask.service.classic || !ask.is_of("stein.."),
        named_by_id: !ask.is_of("kilo.."),
        pace: ask.pace,
    }
}

/// Boots the server or servers in the body; the answer contains the first.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let nobody = Caller::default();
    let caller = ask.caller.map_or(&nobody, Arc::as_ref);
    let boot = Boot::look_up(cloud, ask.body, ask.version, caller, custom(ask, caller))?;
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
    // A boot makes one at least.
    let first = ids.first().ok_or_else(Fault::no_resource)?;
    if boot.is_true("return_reservation_id") {
        return ask.answer(Some(
            json!({"reservation_id": reservation, "servers_reservation": {"reservation_id": reservation}}),
        ));
    }
    let hrefs = hrefs("servers", first);
    let links = hrefs.each_ref().map(|(relation, href)| json!({"rel": relation, "href": href}));
    let server = cloud.collection("servers").get(first).ok_or_else(Fault::no_resource)?;
    let mut shown = Map::over(&server.body, 2);
    shown.push("adminPass", password);
    shown.push("links", links.to_vec());
    Ok(ask.answer(Some(json!({"server": shown})))?.with("location", ask.base.resolve(&hrefs[0].1)))
}
