//! Floor 5: what clients of many versions asked of clouds of many releases, kept over time. Each entry is a recording of which of
//! requests that ask alike the first is left; a store keeps entries.

mod collapse;
mod entry;
mod folder;
mod place;
#[cfg(feature = "databases")]
mod postgres;
#[cfg(feature = "databases")]
mod sql;
#[cfg(feature = "databases")]
mod sqlite;
mod store;

pub use crate::history::collapse::collapsed;
pub use crate::history::entry::{About, Entry};
pub use crate::history::place::Place;
pub use crate::history::store::{Store, Wanted};
