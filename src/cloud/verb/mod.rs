//! What all collections do alike: lists, one resource, a new, a changed, a deleted one.

mod ask;
mod asked;
pub mod bulk;
pub mod create;
pub mod delete;
pub mod document;
mod filter;
mod forbidden;
pub mod index;
pub mod links;
mod new;
mod paging;
mod resource_type;
mod row;
pub mod scope;
pub mod show;
mod sort;
pub mod update;
mod view;

pub use ask::{Answer, Ask, Listed, ResourceType};
pub use create::create;
pub use delete::{delete, remove};
pub use document::document;
pub use filter::instant;
pub use forbidden::forbidden;
pub use index::{advance_all, index, keystone_links, resources_of, visible_resources};
pub use links::{bookmark, hrefs, id_of, links};
pub use resource_type::as_it_is;
pub use row::{Fixed, Identifier, Missing, Order, Owner, Scope, Speaker};
pub use scope::{by_publicity, is_public, usual as usual_scope};
pub use show::{show, shown_fields, singular, visible, wrapped};
pub use sort::compare;
