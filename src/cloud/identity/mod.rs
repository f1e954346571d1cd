//! Keystone: logins, tokens, the catalog, roles.

pub mod accounts;
pub mod catalog;
pub mod catalog_entries;
mod credentials;
mod directory;
pub mod groups;
pub mod implied_roles;
mod links;
mod options;
pub mod projects;
pub mod resource_types;
pub mod role_assignments;
mod roles;
mod token_body;
pub mod tokens;
pub mod tokens_v2;
