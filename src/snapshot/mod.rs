//! Floor 3: snapshots of requests. A request becomes a text without what differs from run to run; the texts of a
//! run are compared as a set with those in a folder, in insta's format.

mod asked;
mod collector;
mod comparison;
mod folder;
mod mask;
mod pile;
mod store;

pub use crate::snapshot::asked::Asked;
pub use crate::snapshot::collector::{Asker, Collector, Texts};
pub use crate::snapshot::comparison::{Change, Comparison, diff};
pub use crate::snapshot::folder::{Extent, Folder};
pub use crate::snapshot::mask::{MASKED, Mask};
pub use crate::snapshot::store::{Owner, Pending, accept, pending, reject};
