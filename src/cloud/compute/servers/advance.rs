//! What is due happens when somebody looks.

use super::lifecycle;
use super::removal::take_away;
use crate::cloud::network::readdress;
use crate::cloud::store::{Cloud, Then};

/// Lets what is due happen to the resource `key` of `collection`; `looked` says that this is a look, which may be counted.
pub fn settle(cloud: &mut Cloud, collection: &str, key: &str, looked: bool) {
    let clock = cloud.clock;
    let resources = cloud.collection(collection);
    if resources.get(key).is_none_or(|resource| resource.pending.is_none()) {
        return;
    }
    match resources.get_mut(key).and_then(|mut resource| lifecycle::settle(&mut resource, &clock, looked)) {
        Some(Then::Vanish) => take_away(cloud, key),
        Some(Then::Launch) => readdress(cloud, key),
        _ => {}
    }
}
