//! The data of an image: uploaded, staged, imported, downloaded (glance/api/v2/image_data.py).

use super::outside::is_outside;
use super::owned::refused;
use super::record::{Image, ImageStatus};
use super::tasks;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, Held, Record, Resource, nova_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;
use crate::message::{Contents, Response};

/// The data has arrived: its length and its digests are shown, and a little of it is kept.
pub fn upload(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut image = queued(cloud, ask, ImageStatus::Saving)?;
    image.record = Record::Contents(Box::new(uploaded(ask)));
    activate(&mut image, updated);
    drop(image);
    ask.answer(None)
}

/// The data has arrived, and waits to be imported.
pub fn stage(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut image = queued(cloud, ask, ImageStatus::Uploading)?;
    let contents = uploaded(ask);
    image.set("status", ImageStatus::Uploading.name());
    image.set("size", json!(contents.length));
    image.set("updated_at", json!(updated));
    image.record = Record::Contents(Box::new(contents));
    drop(image);
    ask.answer(None)
}

/// The data that were sent; a request without a body sends none, which is what the image has then.
fn uploaded(ask: &Ask<'_>) -> Contents {
    ask.contents.cloned().unwrap_or_default()
}

/// The image that the path names, if the caller may give it data and it has none.
fn queued<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>, next: ImageStatus) -> Result<Held<'c>, Fault> {
    let image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(refused(ask));
    }
    match Image::of(&image.body).status() {
        ImageStatus::Queued => Ok(image),
        status => {
            let message = format!("Image status transition from {} to {} is not allowed", status.name(), next.name());
            Err(Fault::new(Code::State, 409, message))
        }
    }
}

/// The image gets what follows from its data.
pub fn activate(image: &mut Resource, updated: String) {
    let Some(Contents { length, md5, sha512, .. }) = image.record.contents().cloned() else { return };
    let is_raw = Image::of(&image.body).is_raw();
    let fields = json!({
        "status": ImageStatus::Active.name(), "size": length, "checksum": md5, "os_hash_algo": "sha512", "os_hash_value": sha512,
        "updated_at": updated, "virtual_size": if is_raw { json!(length) } else { Value::Null },
    });
    image.body.extend(fields.as_object().cloned().into_iter().flatten());
}

/// Makes an image of data that were staged, or that another server has: those are not fetched, and are empty here.
pub fn import(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let method = method(ask)?;
    let updated = nova_time(&cloud.clock);
    let image = visible(cloud, ask, false)?;
    importable(&image, method)?;
    if !ask.may_change(&image) {
        return Err(refused(ask));
    }
    let id = image.id.clone();
    drop(image);
    if let Some(mut image) = cloud.collection("images").get_mut(&id) {
        image.set("os_glance_importing_to_stores", "");
        image.set("os_glance_failed_import", "");
        if method != "copy-image" {
            if image.record.contents().is_none() {
                image.record = Record::Contents(Box::new(Contents::of(b"")));
            }
            activate(&mut image, updated);
        }
    }
    tasks::done(cloud, ask, &id);
    ask.answer(None)
}

/// The methods of a Glance that was set up as it comes (glance/common/config.py).
const METHODS: [&str; 3] = ["glance-direct", "web-download", "copy-image"];

fn method<'a>(ask: &Ask<'a>) -> Result<&'a str, Fault> {
    let invalid = |message: String| Err(Fault::new(Code::Rule, 400, message));
    let Some(method) = ask.body.get("method") else {
        return invalid("Import request requires a 'method' field.".to_owned());
    };
    let Some(name) = method.get("name").and_then(Value::as_str) else {
        return invalid("Import request requires a 'name' field.".to_owned());
    };
    if !METHODS.contains(&name) {
        return invalid(format!("Unknown import method name '{name}'."));
    }
    for field in ["all_stores_must_succeed", "all_stores"] {
        if ask.body.get(field).is_some_and(|value| value.as_bool().is_none()) {
            return invalid(format!("'{field}' must be boolean value only"));
        }
    }
    let uri = method.get("uri").and_then(Value::as_str).unwrap_or("None");
    if name == "web-download" && !is_outside(uri) {
        return invalid(format!("URI for web-download does not pass filtering: {uri}"));
    }
    Ok(name)
}

fn importable(image: &Resource, method: &str) -> Result<(), Fault> {
    let is_set = |field: &str| image.body.get(field).is_some_and(|value| !value.is_null());
    let message = match (Image::of(&image.body).status(), method) {
        (ImageStatus::Active, "copy-image") => None,
        (ImageStatus::Active, _) => Some("Image with status active cannot be target for import".to_owned()),
        (_, "copy-image") => Some("Only images with status active can be targeted for copying".to_owned()),
        (status, "web-download") if status != ImageStatus::Queued => {
            Some(format!("Image needs to be in 'queued' state to use '{method}' method"))
        }
        (status, "glance-direct") if status != ImageStatus::Uploading => {
            Some("Image needs to be staged before 'glance-direct' method can be used".to_owned())
        }
        _ => None,
    };
    let unset = ["container_format", "disk_format"].into_iter().find(|field| !is_set(field));
    let message = message.or_else(|| unset.map(|field| format!("'{field}' needs to be set before import")));
    message.map_or(Ok(()), |message| Err(Fault::new(Code::State, 409, message)))
}

/// The data, whole or in part. Of those that a fixture has, or that are large, only the digests are known.
pub fn download(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const DEACTIVATED: &str = "The requested image has been deactivated. Image data download is forbidden.";
    let image = visible(cloud, ask, false)?;
    match Image::of(&image.body).status() {
        ImageStatus::Deactivated if !ask.is_admin() => return Err(Fault::new(Code::Policy, 403, DEACTIVATED)),
        ImageStatus::Queued | ImageStatus::Saving | ImageStatus::Uploading | ImageStatus::Importing => {
            return Ok(Response::empty(204));
        }
        _ => {}
    }
    let (contents, bytes) = data_of(&image)?;
    let answer = |status: u16| Response::empty(status).with("Content-Type", "application/octet-stream");
    let Some((first, last)) = range(ask, contents.length)? else {
        let answer = answer(if bytes.is_empty() { 204 } else { 200 }).with("Content-MD5", contents.md5.as_str());
        return Ok(Response { contents: Some(Box::new(contents.clone())), ..answer });
    };
    let answer = answer(206)
        .with("Content-Range", format!("bytes {first}-{last}/{}", contents.length))
        .with("Content-MD5", contents.md5.as_str());
    let place = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
    let part = bytes.get(place(first)..=place(last)).unwrap_or_default();
    Ok(Response { contents: Some(Box::new(Contents::of(part))), ..answer })
}

/// The data of an image, if all of them were kept.
pub fn data_of(image: &Resource) -> Result<(&Contents, &[u8]), Fault> {
    const NOT_KEPT: &str = "mockstack keeps the digests of an image, and of what was uploaded no more than 1 MiB.";
    let kept = image.record.contents().and_then(|contents| Some((contents, contents.kept.as_deref()?)));
    kept.ok_or_else(|| Fault::new(Code::NotSimulated, 501, NOT_KEPT))
}

/// The first and the last byte that are asked for, by `Range` or, in an older form, by `Content-Range`.
fn range(ask: &Ask<'_>, length: u64) -> Result<Option<(u64, u64)>, Fault> {
    let asked = ask.headers.get("Range").and_then(|range| range.strip_prefix("bytes="));
    let older = || ask.headers.get("Content-Range")?.strip_prefix("bytes ")?.split('/').next();
    let Some((first, last)) = asked.or_else(older).and_then(|range| range.trim().split_once('-')) else {
        return Ok(None);
    };
    let end = length.saturating_sub(1);
    let (first, last) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) => (first, last.min(end)),
        (Ok(first), Err(_)) => (first, end),
        (Err(_), Ok(count)) => (length.saturating_sub(count), end),
        (Err(_), Err(_)) => return Ok(None),
    };
    if first > end || length == 0 {
        let message = format!(
            "Invalid start position in Range header. Start position MUST be in the inclusive range [0, {end}]."
        );
        return Err(Fault::new(Code::State, 416, message).by_webob());
    }
    Ok(Some((first, last)))
}

/// Whether an image gives its data out: `deactivated` or `active`.
pub fn set_active(cloud: &mut Cloud, ask: &Ask<'_>, is_active: bool) -> Result<Answer, Fault> {
    let (verb, before, after) = if is_active {
        ("reactivate", ImageStatus::Deactivated, ImageStatus::Active)
    } else {
        ("deactivate", ImageStatus::Active, ImageStatus::Deactivated)
    };
    let updated = nova_time(&cloud.clock);
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(refused(ask));
    }
    match Image::of(&image.body).status() {
        status if status == after => {}
        status if status == before => {
            image.set("status", after.name());
            image.set("updated_at", json!(updated));
        }
        status => {
            let message = format!("Not allowed to {verb} image in status '{}'", status.name());
            return Err(Fault::new(Code::State, 403, message));
        }
    }
    drop(image);
    ask.answer(None)
}
