//! What clients may add to the cloud: a row a collection says whose the new resource is, what it is called, what must not
//! be there twice, and what is said of one that is not there.

use serde_json::{Map, Value, json};

use super::{Ask, aggregate, flavor, identity, keypair, server_group};
use crate::base::FieldMap;
use crate::cloud::fault::Fault;
use crate::cloud::lifecycle::stored_time;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::contract::Code;

/// A kind of resource that clients may add, change and take away.
pub struct Kind {
    /// The collection.
    pub collection: &'static str,
    /// Whose it is.
    pub owner: Owner,
    /// How it gets its id.
    pub id: Identifier,
    /// FieldMap that no two resources of an owner share, and what is said of the second; `{field}` stands for its value.
    pub unique: &'static [(&'static str, &'static str)],
    /// What is said of one that is not there; `{id}` stands for the id, `{user}` for the user whose it would be.
    pub missing: &'static str,
    /// The quota that it counts towards.
    pub quota: Option<&'static str>,
    /// Refuses what cannot be, and fills in what follows from what was asked; of a new resource and of a changed one.
    pub complete: Complete,
}

/// Gets the fields of a resource as they are to become.
type Complete = fn(&mut Cloud, &Ask<'_>, &mut FieldMap) -> Result<(), Fault>;

/// Whose a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The cloud's: everybody sees it.
    Cloud,
    /// A project's.
    Project,
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

const KINDS: [Kind; 12] = [
    Kind {
        collection: "flavors",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("name", "Flavor with name {name} already exists."), ("id", "Flavor with ID {id} already exists.")],
        missing: "Flavor {id} could not be found.",
        quota: None,
        complete: flavor::complete,
    },
    Kind {
        collection: "keypairs",
        owner: Owner::User,
        id: Identifier::Name,
        unique: &[("name", "Key pair '{name}' already exists.")],
        missing: "Keypair {id} not found for user {user}",
        quota: Some("key_pairs"),
        complete: keypair::complete,
    },
    Kind {
        collection: "server_groups",
        owner: Owner::Project,
        id: Identifier::Uuid,
        unique: &[],
        missing: "Instance group {id} could not be found.",
        quota: Some("server_groups"),
        complete: server_group::complete,
    },
    Kind {
        collection: "aggregates",
        owner: Owner::Cloud,
        id: Identifier::Number,
        unique: &[("name", "Aggregate {name} already exists.")],
        missing: "Aggregate {id} could not be found.",
        quota: None,
        complete: aggregate::complete,
    },
    Kind {
        collection: "projects",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[(
            "name",
            "Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is {name}, project id {id}.",
        )],
        missing: "Could not find project: {id}.",
        quota: None,
        complete: identity::in_domain,
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
        quota: None,
        complete: identity::in_domain,
    },
    Kind {
        collection: "roles",
        owner: Owner::Cloud,
        id: Identifier::OfName,
        unique: &[("name", "Conflict occurred attempting to store role - Duplicate entry found with name {name}.")],
        missing: "Could not find role: {id}.",
        quota: None,
        complete: identity::as_asked,
    },
    Kind {
        collection: "domains",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[("name", "Conflict occurred attempting to store domain - Duplicate entry found with name {name}.")],
        missing: "Could not find domain: {id}.",
        quota: None,
        complete: identity::as_asked,
    },
    Kind {
        collection: "regions",
        owner: Owner::Cloud,
        id: Identifier::Asked,
        unique: &[("id", "Conflict occurred attempting to store region - Duplicate ID, {id}.")],
        missing: "Could not find region: {id}.",
        quota: None,
        complete: identity::as_asked,
    },
    Kind {
        collection: "identity.services",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find service: {id}.",
        quota: None,
        complete: identity::as_asked,
    },
    Kind {
        collection: "endpoints",
        owner: Owner::Cloud,
        id: Identifier::Hex,
        unique: &[],
        missing: "Could not find endpoint: {id}.",
        quota: None,
        complete: identity::as_asked,
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
        quota: None,
        complete: identity::application_credential,
    },
];

impl Kind {
    /// The kind of the resources in `collection`.
    pub fn of(collection: &str) -> Option<&'static Kind> {
        const ALL: &[Kind] = &KINDS;
        ALL.iter().find(|kind| kind.collection == collection)
    }

    /// A new resource of the kind with `fields`.
    pub fn new_resource(&self, cloud: &mut Cloud, ask: &Ask<'_>, mut fields: Map<String, Value>) -> Resource {
        let id = self.identify(cloud, ask, &mut fields);
        let project = ask.caller.and_then(|caller| caller.project.clone());
        for (field, value) in [
            ("created_at", json!(stored_time(&cloud.clock))),
            ("user_id", json!(ask.user())),
            ("project_id", json!(project)),
            ("tenant_id", json!(project)),
        ] {
            fields.entry(field).or_insert(value);
        }
        let project = project.filter(|_| self.owner == Owner::Project);
        let public = self.owner == Owner::Cloud;
        Resource { id, project, public, body: fields.into(), pending: None }
    }

    /// Gives the fields an id, and says what the resource is found by.
    fn identify(&self, cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map<String, Value>) -> String {
        let name = fields.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = cloud.collection(self.collection).next_number();
        let id = match (self.id, fields.get("id")) {
            (Identifier::Asked, Some(Value::String(id))) => json!(id),
            (Identifier::Asked, Some(Value::Number(id))) => json!(id.to_string()),
            (Identifier::Asked | Identifier::Uuid, _) => json!(cloud.ids.uuid().to_string()),
            (Identifier::Hex, _) => json!(cloud.ids.uuid().simple().to_string()),
            (Identifier::OfName, _) => json!(cloud.fixture.role_id(&name)),
            (Identifier::Number | Identifier::Name, _) => json!(number),
        };
        let key = match &id {
            Value::String(id) => id.clone(),
            _ if self.id == Identifier::Name => name,
            number => number.to_string(),
        };
        if self.id == Identifier::Number {
            fields.insert("uuid".to_owned(), json!(cloud.ids.uuid().to_string()));
        }
        fields.insert("id".to_owned(), id);
        ask.key_of(&key)
    }

    /// Refuses `wanted` if another resource of its owner has what it must have alone.
    pub fn refuse_twin(&self, cloud: &mut Cloud, wanted: &Resource, before: Option<&str>) -> Result<(), Fault> {
        for (field, sentence) in self.unique {
            let value = wanted.body.get(field);
            let is_twin = |other: &Resource| {
                Some(other.id.as_str()) != before
                    && other.body.get(field) == value
                    && (self.owner != Owner::User || other.text("user_id") == wanted.text("user_id"))
            };
            if value.is_some() && cloud.collection(self.collection).iter().any(is_twin) {
                return Err(Fault::new(Code::State, 409, filled(sentence, &wanted.body)));
            }
        }
        Ok(())
    }
}

/// `sentence` with `{field}` replaced by what `fields` have there.
pub fn filled(sentence: &str, fields: &FieldMap) -> String {
    fields.iter().fold(sentence.to_owned(), |sentence, (name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        sentence.replace(&format!("{{{name}}}"), &value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contracts, Effect};

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

    #[test]
    fn a_sentence_is_filled_with_fields() {
        let fields: FieldMap = [("name", json!("ci")), ("id", json!(7))].into_iter().collect();
        assert_eq!(filled("{id} is {name}, {other}", &fields), "7 is ci, {other}");
    }
}
