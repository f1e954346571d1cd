//! The contract as an OpenAPI document, for the tools of others.

mod digits;
mod document;
mod formats;
mod plain;
mod ranges;
mod row;

pub use document::{Api, openapi};
