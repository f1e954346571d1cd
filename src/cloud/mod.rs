//! Floor 2: the simulated cloud. A fixture fills it, effects read and change it, faults say no in each service's own
//! words. Pure and synchronous: the clock, the ids and the base of links are handed in.

mod address;
mod behaviour;
mod block_device;
mod caller;
mod catalog;
mod collection;
mod collections;
mod credentials;
mod default_groups;
mod derived;
mod effect;
mod fault;
mod filter;
mod fingerprint;
mod fixture;
mod history;
mod identity;
mod lifecycle;
mod lookup;
mod network;
mod page;
mod quota;
mod resource;
mod server_list;
mod server_state;
mod state;
mod times;
mod token;
mod tokens;
mod transition;
mod view;
mod vm_state;
mod volume;

pub use behaviour::{Boot, Pace};
pub use caller::Caller;
pub use effect::{Answer, Ask};
pub use fault::{Fault, no_token, too_large, unrouted, unsupported_media};
pub use fixture::{Domain, Fields, Fixture, Project, Shown, User};
pub use resource::Resource;
pub use state::Cloud;
pub use token::Token;
pub use tokens::Tokens;
