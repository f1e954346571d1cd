//! What Cinder says that it was extended with (cinder/api/extensions.py).

use crate::cloud::verb::{Missing, Order, ResourceType};
use crate::contract::{Dialect, NO_RESOURCE};

/// An extension, whose id is its alias.
pub const EXTENSIONS: ResourceType = ResourceType {
    collection: "volume.extensions",
    home: Dialect::Cinder,
    missing: &[Missing::any(NO_RESOURCE)],
    derive: |_, _| {},
    order: |_| Order::Oldest,
    ..ResourceType::OTHER
};
