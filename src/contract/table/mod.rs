//! The table of operations: services, their versions, rows, routes and releases.

mod answers;
mod bulk;
mod collections;
mod contracts;
mod dispatch;
mod effect;
mod fallback;
mod filters;
mod marks;
mod merge;
mod name;
mod naming;
mod negotiate;
mod operation;
#[cfg(feature = "cli")]
mod quote;
mod release;
mod route_text;
mod router;
mod routes;
mod rows_of;
mod server_action;
mod service;
mod sources;
mod team_rules;
mod vendor;

pub use answers::{Answers, Which};
pub use contracts::{Contracts, Mounted, ServiceContract, Table};
pub use dispatch::{action_name, no_such_action};
pub use effect::Effect;
pub use filters::{FilterRow, FilterTest, Filters, FoundFilter};
pub use negotiate::{Negotiated, Refused, invalid, negotiate, out_of_range};
pub use operation::{Action, Field, Operation, PathSegment, Policy, ResponseRow};
#[cfg(feature = "cli")]
pub use quote::quote;
pub use release::{Release, Releases, TokenForm};
pub use router::{Match, Unrouted};
pub use server_action::ServerAction;
pub use service::{CatalogEntry, Dialect, Microversions, ProjectInUrl, Root, Service};
pub use vendor::Deviations;
