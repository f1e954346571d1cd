//! Floor 3: snapshots of requests. A request becomes a text without what differs from run to run; the texts of a
//! run are compared as a set with those in a folder, in insta's format.

mod asked;
mod collector;
mod comparison;
mod mask;
mod pile;
mod store;

pub use crate::snapshot::asked::Asked;
pub use crate::snapshot::collector::Collector;
pub use crate::snapshot::comparison::{Change, Comparison, compare, diff};
pub use crate::snapshot::mask::{MASKED, Mask};
pub use crate::snapshot::store::{Pending, accept, check, pending, reject};
