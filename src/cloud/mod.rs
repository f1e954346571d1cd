//! Floor 2: the simulated cloud. A fixture fills it, operations read and change it, faults say no in each service's own
//! words. Pure and synchronous: the clock, the ids and the base of links are handed in.

mod compute;
mod dialect;
mod dispatch;
mod fixture;
mod identity;
mod image;
mod network;
mod reset;
mod settle;
mod store;
mod table;
mod template;
mod verb;
mod volume;

pub use compute::servers::affliction::Affliction;
pub use dialect::{Asked, Manner, RequestId, Said, UnknownFilters, manner, too_large, unsupported_media};
pub use fixture::{Fields, Shown};
pub use store::{
    Boot, Caller, Cloud, Domain, Fault, Fixture, Layout, Made, Pace, Project, Quotas, Remnant, Resource, Seal, Tenant,
    Token, Tokens, User, layout, layouts,
};
pub use table::resource_type;
pub use template::Template;
pub use verb::{Answer, Ask};
