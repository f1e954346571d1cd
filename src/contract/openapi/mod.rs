//! The contract as an OpenAPI document, for the tools of others.

mod api;
mod digits;
mod document;
mod formats;
mod plain;
mod ranges;
mod row;

pub use api::Api;
pub use document::openapi;
