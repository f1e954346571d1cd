//! Floor 2: the versioned contract. YAML rows become one table of operations; a schema in which fields carry lifetimes
//! is walked once and judges every version; the same kind of schema projects a stored resource into an answer.

mod authentication;
mod authentication_v2;
mod case;
mod check;
mod code;
mod complaint;
mod contracts;
mod create_server;
mod create_server_v2;
mod dispatch;
mod effect;
mod finding;
mod formats;
mod judgement;
mod load;
mod negotiate;
mod number;
mod operation;

mod project;
mod prune;
mod release;
mod remedy;
mod router;
mod schema;
mod service;

mod violation;
mod walk;

pub use case::judge_case;
pub use check::Check;
pub use code::{CODES, Code, CodeRow};
pub use complaint::complaint;
pub use contracts::{Contracts, Mounted, ServiceContract, Table};
pub use create_server::forced_host;
pub use dispatch::{action_name, no_such_action};
pub use effect::Effect;
pub use finding::{Finding, Kind, Subject};
pub use judgement::{Judgement, Refusal};
pub use negotiate::{Negotiated, Refused, negotiate};
pub use operation::{Action, Field, Operation, PathSegment, Policy, ResponseRow};

pub use project::{MissingField, Projection};
pub use prune::prune;
pub use release::{Release, Releases};
pub use remedy::{Edit, Remedy};
pub use router::{Match, Unrouted};
pub use schema::{Notes, Schema, SchemaId, Schemas};
pub use service::{CatalogEntry, Dialect, Microversions, ProjectInUrl, Root, Service};

pub use violation::{Part, Violation};
pub use walk::walk;
