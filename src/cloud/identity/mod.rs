//! Keystone: who may log in, tokens, the catalog, roles.

pub mod accounts;
mod credentials;
mod directory;
pub mod role_assignments;
pub mod tokens;
pub mod tokens_v2;
