//! The checks in a service's own code before it looks anything up: what no schema expresses.

mod authentication;
mod authentication_v2;
mod block_devices_v2;
mod change_server_v2;
mod create_keypair_v2;
mod create_server;
mod create_server_v2;
mod extra_specs;
mod page_v2;
mod server_fields_v2;
mod table;

pub use authentication::check_login;
pub use create_server::forced_host;
pub use table::Check;
