//! Schemas with lifetimes, and how they are read from YAML.

mod fields;
mod files;
mod formats;
mod load;
mod lost;
mod meaning;
pub mod number;
mod objection;
mod prune;
mod reach;
#[allow(clippy::module_inception, reason = "the folder is named for what it is about")]
mod schema;
mod schema_at;
mod schemas;
mod validator;

pub use files::{File, Files};
pub use formats::Format;
pub use load::{Loader, is_versioned, lifetime, versioned};
pub use number::{compare, distinct, equal, number_of};
pub use objection::Objection;
pub use prune::{prune, scalar_argument};
pub use reach::{Limit, Reached};
pub use schema::{Choice, JsonType, Keyword, Notes, Pattern, Property, Schema, SchemaId, Setter};
pub use schemas::Schemas;
