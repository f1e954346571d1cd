//! Tags of images (glance/api/v2/image_tags.py).

use super::owned::refused;
use crate::base::json::{Value, json};
use crate::cloud::store::{Cloud, Fault, Held, nova_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// Adds the tag that the path names.
pub fn add(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const LONGEST: usize = 255;
    let tag = ask.item();
    if tag.chars().count() > LONGEST {
        let message =
            format!("Provided object does not match schema 'image': '{tag}' is too long. Property name: tags: {tag}");
        return Err(Fault::new(Code::Length, 400, message));
    }
    change(cloud, ask, |tags| {
        if !tags.iter().any(|own| own == tag) {
            tags.push(json!(tag));
        }
        Ok(())
    })
}

/// Takes the tag away that the path names.
pub fn remove(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    change(cloud, ask, |tags| {
        let before = tags.len();
        tags.retain(|own| own != ask.item());
        if tags.len() == before { Err(Fault::no_resource()) } else { Ok(()) }
    })
}

fn change(
    cloud: &mut Cloud,
    ask: &Ask<'_>,
    change: impl FnOnce(&mut Vec<Value>) -> Result<(), Fault>,
) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut image = own(cloud, ask)?;
    let mut tags = image.body.list("tags").to_vec();
    change(&mut tags)?;
    image.set("tags", tags);
    image.set("updated_at", updated);
    drop(image);
    ask.answer(None)
}

/// The image that the path names, if it is the caller's to change.
fn own<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Held<'c>, Fault> {
    let id = ask.id();
    let missing = || Fault::not_found(format!("Image {id} not found."));
    let image = visible(cloud, ask, false).map_err(|_| missing())?;
    if ask.may_change(&image) { Ok(image) } else { Err(refused(ask)) }
}
