//! Floor 2: the versioned contract. YAML rows become one table of operations; a schema in which fields carry lifetimes
//! is walked once and judges every version; the same kind of schema projects a stored resource into an answer.

mod check;
mod diff;
mod example;
mod finding;
mod judge;
mod openapi;
mod project;
mod schema;
mod table;

pub use check::{Check, check_login, forced_host};
pub use diff::{Change, Changed, Level, View, diff, diff_of};
pub use example::{Extent, Maker, example};
pub use finding::{
    CODES, Code, CodeRow, Finding, Findings, Kind, MOST_FINDINGS, More, NO_RESOURCE, Part, Refusal, Subject, Violation,
    is_right,
};
pub use judge::{AnswerTo, Edit, Judgement, Remedy, complaint, judge_answer, judge_case, walk};
pub use openapi::{Api, openapi};
pub use project::{MissingField, Projection};
pub use schema::{Limit, Notes, Reached, Schema, SchemaId, Schemas, Setter, distinct, prune};
#[cfg(feature = "cli")]
pub use table::quote;
pub use table::{
    Action, Answers, CatalogEntry, Contracts, Deviations, Dialect, Effect, Field, FilterRow, FilterTest, Filters,
    FoundFilter, Match, Microversions, Mounted, Negotiated, Operation, PathSegment, Policy, ProjectInUrl, Refused,
    Release, Releases, ResponseRow, Root, ServerAction, Service, ServiceContract, Table, TokenForm, Unrouted, Which,
    action_name, negotiate, no_such_action,
};
