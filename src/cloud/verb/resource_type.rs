//! The kinds of resources that clients may add to the cloud, a row each: whose a new one is, how it gets its id, what must not be
//! there twice, and what is said of one that is not there.

use crate::contract::Dialect;

/// A kind of resource that clients may add, change and take away.
pub struct Kind {
    /// The collection.
    pub collection: &'static str,
    /// Whose it is.
    pub owner: Owner,
    /// How it gets its id.
    pub id: Identifier,
    /// Fields that no two resources of an owner share, and what is said of the second; `{field}` stands for its value.
    pub unique: &'static [(&'static str, &'static str)],
    /// What is said of one that is not there; `{id}` stands for the id, `{user}` for the user whose it would be.
    pub missing: &'static str,
    /// The quota that it counts towards.
    pub quota: Option<&'static str>,
    /// The state in which a new one is told, if it is another as soon as anyone looks.
    pub status_of_new: Option<&'static str>,
    /// The service that owns the collection: its times have its form.
    pub home: Dialect,
}

/// Whose a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The cloud's: everybody sees it.
    Cloud,
    /// A project's.
    Project,
    /// A project's, which may let all others see it.
    Shared,
    /// A user's, whose id stands before the resource's own in the key of the collection.
    User,
}

/// How a resource gets its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The one that was asked for, or else a UUID.
    Asked,
    /// A UUID.
    Uuid,
    /// A number, and a UUID beside it.
    Number,
    /// Its name.
    Name,
    /// A UUID without dashes, as Keystone has them.
    Hex,
    /// One that follows from the name, as those of a fixture do.
    OfName,
}

/// Are the resources of `collection` the cloud's own?
pub fn is_of_cloud(collection: &str) -> bool {
    Kind::of(collection).is_none_or(|kind| kind.owner == Owner::Cloud)
}

/// Is it the status in which a new resource of `collection` is told, and which ends at the next look?
pub fn is_status_of_new(collection: &str, status: &str) -> bool {
    Kind::of(collection).is_some_and(|kind| kind.status_of_new == Some(status))
}

impl Kind {
    /// The kind of the resources in `collection`.
    pub fn of(collection: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.collection == collection)
    }
}

/// A kind of which nothing is particular.
const PLAIN: Kind = Kind {
    collection: "",
    owner: Owner::Project,
    id: Identifier::Uuid,
    unique: &[],
    missing: "",
    quota: None,
    status_of_new: None,
    home: Dialect::Nova,
};

const OF_CINDER: Kind = Kind { home: Dialect::Cinder, status_of_new: Some("creating"), ..PLAIN };
const OF_NEUTRON: Kind = Kind { home: Dialect::Neutron, ..PLAIN };

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        collection: "flavors",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("name", "Flavor with name {name} already exists."), ("id", "Flavor with ID {id} already exists.")],
        missing: "Flavor {id} could not be found.",
        ..PLAIN
    },
    Kind {
        collection: "keypairs",
        owner: Owner::User,
        id: Identifier::Name,
        unique: &[("name", "Key pair '{name}' already exists.")],
        missing: "Keypair {id} not found for user {user}",
        quota: Some("key_pairs"),
        ..PLAIN
    },
    Kind {
        collection: "server_groups",
        owner: Owner::Project,
        id: Identifier::Uuid,
        unique: &[],
        missing: "Instance group {id} could not be found.",
        quota: Some("server_groups"),
        ..PLAIN
    },
    Kind {
        collection: "aggregates",
        owner: Owner::Cloud,
        id: Identifier::Number,
        unique: &[("name", "Aggregate {name} already exists.")],
        missing: "Aggregate {id} could not be found.",
        ..PLAIN
    },
    Kind { collection: "volumes", ..OF_CINDER },
    Kind { collection: "snapshots", ..OF_CINDER },
    Kind {
        collection: "projects",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}.",
        )],
        missing: "Could not find project: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "users",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store user - Duplicate entry found with name {name} at domain ID {domain_id}.",
        )],
        missing: "Could not find user: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "roles",
        owner: Owner::Cloud,
        id: Identifier::OfName,
        unique: &[("name", "Conflict occurred attempting to store role - Duplicate entry found with name {name}.")],
        missing: "Could not find role: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "domains",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[("name", "Conflict occurred attempting to store domain - Duplicate entry found with name {name}.")],
        missing: "Could not find domain: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "regions",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("id", "Conflict occurred attempting to store region - Duplicate ID, {id}.")],
        missing: "Could not find region: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "identity.services",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find service: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "endpoints",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find endpoint: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind {
        collection: "application_credentials",
        owner: Owner::User,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store application_credential - Duplicate entry found with name {name}.",
        )],
        missing: "Could not find Application Credential: {id}.",
        home: Dialect::Keystone,
        ..PLAIN
    },
    Kind { collection: "services", owner: Owner::Cloud, ..PLAIN },
    Kind { collection: "networks", owner: Owner::Shared, ..OF_NEUTRON },
    Kind { collection: "subnets", owner: Owner::Shared, ..OF_NEUTRON },
    Kind { collection: "ports", ..OF_NEUTRON },
    Kind { collection: "floatingips", ..OF_NEUTRON },
    Kind { collection: "security_groups", ..OF_NEUTRON },
    Kind { collection: "security_group_rules", ..OF_NEUTRON },
    Kind { collection: "images", owner: Owner::Shared, id: Identifier::Asked, home: Dialect::Glance, ..PLAIN },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::store::FoundBy;
    use crate::contract::{Contracts, Effect};

    #[test]
    fn what_must_be_unique_is_found_by_it() {
        for (kind, (field, _)) in KINDS.iter().flat_map(|kind| kind.unique.iter().map(move |row| (kind, row))) {
            let found = FoundBy::of(kind.collection);
            let is_indexed = matches!((*field, found), ("id", _) | ("name", FoundBy::Name | FoundBy::User));
            assert!(is_indexed, "{}: {field}", kind.collection);
        }
    }

    /// A row that creates or changes resources of a collection without a kind could only answer 501.
    #[test]
    fn every_row_that_makes_or_changes_has_a_kind() {
        let contracts = Contracts::embedded().unwrap();
        let rows = contracts.services().iter().flat_map(|contract| contract.table().unwrap().operations.iter());
        let making: Vec<_> = rows.filter(|row| matches!(row.effect, Some(Effect::Create | Effect::Update))).collect();
        assert!(!making.is_empty(), "there are such rows");
        for row in making {
            let collection = row.collection.as_deref().unwrap_or_default();
            assert!(Kind::of(collection).is_some(), "{}: {collection:?} has no kind", row.id);
        }
    }
}
