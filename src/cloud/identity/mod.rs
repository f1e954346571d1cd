//! Keystone: logins, tokens, the catalog, roles.

pub mod accounts;
mod catalog;
mod credentials;
mod directory;
mod links;
pub mod resource_types;
pub mod role_assignments;
mod token_body;
pub mod tokens;
pub mod tokens_v2;
