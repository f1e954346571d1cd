//! What clients may add to the cloud: a row a collection says whose the new resource is, what it is called, what must not
//! be there twice, and what is said of one that is not there.

mod address;
mod group;
mod image;
mod network;
mod port;
mod said;
mod table;
mod volume;

use serde_json::{Map, Value, json};

pub use said::{forbidden, not_found};

use super::Ask;
use crate::base::FieldMap;
use crate::cloud::fault::Fault;
use crate::cloud::lookup::Key;
use crate::cloud::resource::Resource;
use crate::cloud::state::Cloud;
use crate::cloud::times::nova_time;
use crate::contract::{Code, Dialect};

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
    /// Refuses what cannot be, and fills in what follows from what was asked; of a new resource and of a changed one.
    pub complete: Complete,
    /// The same of a changed one, where that differs.
    pub change: Option<Complete>,
    /// Refuses what cannot be asked for at once, of several new ones.
    pub agree: Agree,
    /// Adds what comes along with a new one.
    pub arrive: Arrive,
    /// Refuses to let go of what must stay, and takes along what goes too.
    pub leave: Leave,
    /// The state in which a new one is told, if it is another as soon as anyone looks.
    pub status_of_new: Option<&'static str>,
    /// The service that owns the collection: its times have its form.
    pub home: Dialect,
}

/// What happens before the resource of that id goes.
type Leave = fn(&mut Cloud, &Ask<'_>, &str) -> Result<(), Fault>;

/// Looks at the requests for several resources, before any is there.
type Agree = fn(&[Ask<'_>]) -> Result<(), Fault>;

/// Happens before the resource is there.
type Arrive = fn(&mut Cloud, &Resource);

/// Gets the fields of a resource as they are to become.
type Complete = fn(&mut Cloud, &Ask<'_>, &mut FieldMap) -> Result<(), Fault>;

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
        table::KINDS.iter().find(|kind| kind.collection == collection)
    }

    /// A new resource of the kind with `fields`.
    pub fn new_resource(&self, cloud: &mut Cloud, ask: &Ask<'_>, mut fields: Map<String, Value>) -> Resource {
        let id = self.identify(cloud, ask, &mut fields);
        let now = self.time(cloud);
        let named = ["tenant_id", "project_id", "owner"].into_iter().find_map(|field| fields.get(field)?.as_str());
        let project = named.map(str::to_owned).or_else(|| ask.caller.and_then(|caller| caller.project.clone()));
        let owners: &[&str] = if self.home == Dialect::Glance { &["owner"] } else { &["project_id", "tenant_id"] };
        fields.extend(owners.iter().map(|owner| ((*owner).to_owned(), json!(project))));
        for (field, value) in [("created_at", json!(now)), ("updated_at", json!(now)), ("user_id", json!(ask.user()))] {
            if self.knows(field) {
                fields.entry(field).or_insert(value);
            }
        }
        let project = project.filter(|_| matches!(self.owner, Owner::Project | Owner::Shared));
        let public = self.owner == Owner::Cloud;
        Resource { id, project, public, body: fields.into(), pending: None }
    }

    /// Has a new resource of the kind that field? Nova and Cinder tell when one was changed only after it was.
    fn knows(&self, field: &str) -> bool {
        match self.home {
            Dialect::Neutron | Dialect::Glance => field != "user_id",
            _ => field != "updated_at",
        }
    }

    /// The time, as the service that owns the kind writes it.
    pub fn time(&self, cloud: &Cloud) -> String {
        let now = nova_time(&cloud.clock);
        match self.home {
            Dialect::Neutron | Dialect::Glance => now,
            _ => now.trim_end_matches('Z').to_owned() + ".000000",
        }
    }

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
            let Some(value) = wanted.body.get(field).and_then(Value::as_str) else { continue };
            let all = cloud.collection(self.collection);
            let is_twin = |other: &Resource| {
                Some(other.id.as_str()) != before
                    && (self.owner != Owner::User || other.text("user_id") == wanted.text("user_id"))
            };
            let has_twin = match *field {
                "name" => all.with(&Key::Name(value.into())).any(is_twin),
                _ => all.get(value).is_some_and(is_twin),
            };
            if has_twin {
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
    use crate::cloud::lookup::FoundBy;
    use crate::contract::{Contracts, Effect};

    #[test]
    fn what_must_be_unique_is_found_by_it() {
        for (kind, (field, _)) in table::KINDS.iter().flat_map(|kind| kind.unique.iter().map(move |row| (kind, row))) {
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
