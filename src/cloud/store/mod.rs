//! What the cloud holds: resources by collection, tokens, the past of servers, what it was filled with. Knows no operation.

mod behaviour;
mod caller;
mod cloud;
mod collection;
mod collections;
mod contents;
mod fault;
mod flavor;
mod grants;
mod history;
mod limits;
mod lookup;
mod quota;
mod record;
mod resource;
mod seal;
mod stable_id;
mod tenant;
mod times;
mod token;
mod tokens;
mod vm_state;

pub use behaviour::{Boot, Pace, Then};
pub use caller::Caller;
pub use cloud::{Cloud, HOST};
pub use collection::{Collection, Held};
pub use collections::Collections;
pub use contents::{ApplicationCredential, Domain, Fixture, Project, User};
pub use fault::{Fault, Name, Reason, UNAUTHORIZED, not_allowed};
pub use flavor::Flavor;
pub use grants::{Actor, Grant, Grants, Target};
pub use history::InstanceAction;
#[cfg(test)]
pub use lookup::FoundBy;
pub use lookup::{Key, Range};
pub use quota::{Quotas, RESOURCES, UNLIMITED, VOLUME_RESOURCES, Wish, allow, allow_as};
pub use record::{Next, Placement, Port, Record, Server};
pub use resource::{Resource, SHARED_WITH};
pub use seal::Seal;
pub use stable_id::{stable_id, stable_uuid};
pub use tenant::Tenant;
pub use times::{keystone_time, nova_time, precise_time, stored_time, whole_seconds};
pub use token::Token;
pub use tokens::Tokens;
pub use vm_state::{STATES, TASKS, VmState};
