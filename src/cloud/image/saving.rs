//! Images that take a while to be saved: those of servers, where actions take a while.

use super::record::{Image, ImageStatus};
use crate::base::Clock;
use crate::cloud::store::{Cloud, Pace, Resource, Then};

/// The image of a server gets its data as soon as actions take.
pub fn save(image: &mut Resource, pace: Pace, clock: &Clock) {
    if pace == Pace::Polls(0) {
        return;
    }
    image.set("status", ImageStatus::Saving.name());
    image.pending = Some(pace.begin(Then::Save, clock));
}

/// Completes what is due; `looked` says that this is a poll, which may be counted.
pub fn advance(cloud: &mut Cloud, id: &str, looked: bool) {
    let clock = cloud.clock;
    let images = cloud.collection("images");
    // Without this look no change would have to be noted.
    let Some(pending) = images.get(id).and_then(|image| image.pending) else { return };
    if let Some(mut image) = images.get_mut(id) {
        match pending.is_due(&clock) {
            true => complete(&mut image),
            false if looked => image.pending = Some(pending.after_a_look()),
            false => {}
        }
    }
}

fn complete(image: &mut Resource) {
    image.set("status", ImageStatus::Active.name());
    image.pending = None;
}

/// A server is done with its action, and so is the image that it was saved as.
pub fn saved(cloud: &mut Cloud, server: &str) {
    let images = cloud.collection("images");
    let own = images.iter().filter(|image| image.pending.is_some() && Image::of(&image.body).server() == Some(server));
    let own: Vec<String> = own.map(|image| image.id.clone()).collect();
    for id in own {
        images.get_mut(&id).iter_mut().for_each(|image| complete(image));
    }
}
