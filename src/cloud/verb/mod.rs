//! What all collections do alike: lists, one resource, a new, a changed, a deleted one.

mod ask;
pub mod bulk;
pub mod create;
pub mod delete;
pub mod document;
mod filter;
mod forbidden;
mod hooks;
pub mod index;
mod missing;
mod new;
mod paging;
mod refresh;
mod resource_type;
mod scope;
pub mod show;
pub mod update;
pub mod view;

pub use ask::{Answer, Ask};
pub use create::create;
pub use delete::delete;
pub use document::document;
pub use filter::{compare, instant};
pub use forbidden::forbidden;
pub use hooks::{Hooks, as_it_is};
pub use index::{index, keystone_links};
pub use refresh::refresh;
#[cfg(test)]
pub use resource_type::Kind;
pub use resource_type::{is_of_cloud, is_status_of_new};
pub use show::{seen, show, visible, wrapped};
pub use view::view;
