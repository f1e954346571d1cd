//! Other flavors and other hosts.

use super::host::{check_host, host_of};
use super::more::{More, server};
use super::payload::Payload;
use super::rebuild::is_volume_backed;
use crate::base::json::{Map, Value, json};
use crate::base::{Pointer, last_segment};
use crate::cloud::compute::servers::block_device::BootImage;
use crate::cloud::compute::servers::boot::fit::{Root, fits};
use crate::cloud::compute::servers::boot::limits;
use crate::cloud::compute::servers::boot::lookup::{copy_of_flavor, is_disabled};
use crate::cloud::store::{Caller, Cloud, Fault, Flavor, Next, Reason, Resource};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// Resizes the server to another flavor once the action is complete.
pub fn resize(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let reference = payload.word("flavorRef");
    let id = last_segment(&reference);
    let found = cloud.collection("flavors").get(id).filter(|flavor| ask.sees(flavor) && !is_disabled(flavor));
    let at = Pointer::default().key("resize").key("flavorRef");
    let flavor = found.ok_or_else(|| Fault::reference(400, at, format!("Flavor {id} could not be found.")))?;
    let new = copy_of_flavor(flavor);
    let server = server(cloud, ask)?;
    let old = flavor_of(server);
    let on_volume = is_volume_backed(server);
    check(Flavor::of(&old), Flavor::of(&new), on_volume)?;
    // The quota is that of the server's project, whoever asks.
    let owner = Caller { project: server.project.clone(), ..Caller::default() };
    limits::resize(cloud, &owner, Flavor::of(&old), Flavor::of(&new))?;
    // Nova has compared the image with the new flavor since Stein.
    if let Some(own) = server.record.server().filter(|_| !ask.service.classic && ask.is_of("stein..")) {
        let image = BootImage { min_ram: own.min_ram, min_disk: own.min_disk, ..BootImage::default() };
        fits(&image, Flavor::of(&new), if on_volume { Root::Volume(None) } else { Root::Local })?;
    }
    let mut more = leave(old, new);
    if let Some(config) = payload.get("OS-DCF:diskConfig") {
        more.now.insert("OS-DCF:diskConfig", config.clone());
    }
    Ok(more)
}

fn check(old: Flavor<'_>, new: Flavor<'_>, is_volume_backed: bool) -> Result<(), Fault> {
    let refuse = |message: &str| Err(Fault::new(Code::Rule, 400, message));
    if old.disk() > 0 && new.disk() == 0 && !is_volume_backed {
        return refuse("Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.");
    }
    if old.id() == new.id() {
        let message = "When resizing, instances must change flavor!";
        return Err(Fault::new(Code::Rule, 400, message).because(Reason::SameFlavor));
    }
    Ok(())
}

/// The server moves to another host, with the flavor that it has.
pub fn migrate(cloud: &mut Cloud, ask: &Ask<'_>, payload: Payload<'_>) -> Result<More, Fault> {
    let own = host_of(server(cloud, ask)?);
    // Before 2.56 it is not read.
    let reads_host = ask.version.is_since(2, 56);
    if let Some(host) = payload.text("host").filter(|_| reads_host) {
        if host == own {
            return Err(Fault::new(Code::Rule, 400, "Cannot migrate to the host where the server exists."));
        }
        check_host(cloud, host, 400)?;
    }
    let flavor = flavor_of(server(cloud, ask)?);
    Ok(leave(flavor.clone(), flavor))
}

fn flavor_of(server: &Resource) -> Value {
    server.body.get("flavor").cloned().unwrap_or_else(|| json!({}))
}

fn leave(old: Value, new: Value) -> More {
    More { next: Next { old_flavor: Some(old), ..flavor_next(new) }, ..More::default() }
}

fn flavor_next(flavor: Value) -> Next {
    Next { fields: Map::from_iter([("flavor".to_owned(), flavor)]), old_flavor: None }
}

/// The old flavor comes back.
pub fn revert(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<More, Fault> {
    let old = server(cloud, ask)?.record.server().and_then(|own| own.old_flavor.clone());
    // Nothing comes back to one that was never resized.
    Ok(old.map_or_else(More::default, |old| More { next: flavor_next(old), ..More::default() }))
}
