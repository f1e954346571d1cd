//! What clients may add to the cloud: how a new resource comes to be, and what its kind does beside.

mod address;
mod forbidden;
mod group;
mod hooks;
mod image;
mod network;
mod new;
mod port;
mod table;
mod volume;

pub use forbidden::forbidden;
pub use table::hooks_of;
