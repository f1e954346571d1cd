//! The behaviour of a resource type, and the row on which all others are based.

use super::ask::{Ask, ResourceType};
use super::forbidden::forbidden;
use super::row::{Identifier, Order, Owner};
use super::{delete, index, links, scope};
use crate::base::json::Map;
use crate::cloud::dialect::manner;
use crate::cloud::store::{Caller, Cloud, Fault, Resource};
use crate::contract::Dialect;

impl ResourceType {
    /// A project's resource in Nova about which nothing is particular.
    pub const PLAIN: ResourceType = ResourceType {
        collection: "",
        owner: Owner::Project,
        within: None,
        id: Identifier::Uuid,
        fixed: &[],
        unique: &[],
        unique_within: None,
        missing: &[],
        quota: None,
        status_of_new: None,
        home: Dialect::Nova,
        first_revision: None,
        views: &[],
        derive: links::derive,
        published: |_| None,
        permit: to_owners,
        complete: as_it_is,
        change: None,
        tell_change: |_| {},
        agree: |_| Ok(()),
        allow: |_, _, _| Ok(()),
        greet: |_, _, answer| answer,
        arrive: |_, _| {},
        leave: |_, _, _| Ok(()),
        follow: |_, _| {},
        delete: delete::remove,
        refresh: |_, _| {},
        advance: |_, _, _| {},
        locate: |_, ask| Ok(ask.key()),
        scope: scope::usual,
        list: index::visible_resources,
        order: usual_order,
        marker: |resource| &resource.id,
        owns: is_named,
    };

    /// The type of collections that have no row: everybody sees their resources, and nobody changes them.
    pub const OTHER: ResourceType = ResourceType { owner: Owner::Cloud, ..ResourceType::PLAIN };
}

/// Nothing has to be filled in.
pub fn as_it_is(_: &mut Cloud, _: &Ask<'_>, _: &mut Map) -> Result<(), Fault> {
    Ok(())
}

/// Whoever owns it changes it, and sets all of its fields.
fn to_owners(_: &mut Cloud, ask: &Ask<'_>, before: Option<&Resource>) -> Result<(), Fault> {
    match before.is_none_or(|before| ask.may_change(before)) {
        true => Ok(()),
        false => Err(forbidden(ask, "update")),
    }
}

fn usual_order(dialect: Dialect) -> Order {
    if manner(dialect).newest_first { Order::Newest } else { Order::Oldest }
}

/// Is it the user or the project that the path names?
fn is_named(ask: &Ask<'_>, caller: &Caller) -> bool {
    match ask.resource_type().owner {
        Owner::User => ask.user() == caller.user,
        Owner::Cloud | Owner::Project | Owner::Shared => {
            ask.id() == caller.user || caller.project.as_deref() == Some(ask.id())
        }
    }
}
