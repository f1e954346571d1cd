//! A new resource of a type.

use super::ask::{Ask, ResourceType};
use super::row::{Identifier, Owner};
use crate::base::json::{Map, Value, json};
use crate::cloud::dialect::manner;
use crate::cloud::store::{Cloud, Fault, Key, Resource, nova_time};
use crate::contract::Code;

impl ResourceType {
    /// A new resource of the type with `fields`.
    pub fn new_resource(&self, cloud: &mut Cloud, ask: &Ask<'_>, mut fields: Map) -> Resource {
        let id = self.identify(cloud, ask, &mut fields);
        let now = self.time(cloud);
        let named = ["tenant_id", "project_id", "owner"].into_iter().find_map(|field| fields.get(field)?.as_str());
        let project = named.map(str::to_owned).or_else(|| ask.caller.and_then(|caller| caller.project.clone()));
        fields.extend(manner(self.home).owner_fields.iter().map(|owner| ((*owner).to_owned(), json!(project))));
        for (field, value) in [("created_at", json!(now)), ("updated_at", json!(now)), ("user_id", json!(ask.user()))] {
            if self.knows(field) {
                fields.get_or_insert_with(field, || value);
            }
        }
        let project = project.filter(|_| matches!(self.owner, Owner::Project | Owner::Shared));
        let public = self.owner == Owner::Cloud;
        Resource { public, ..Resource::new(id, project, fields) }
    }

    /// Has a new resource of the type that field?
    fn knows(&self, field: &str) -> bool {
        match field {
            "user_id" => manner(self.home).has_user,
            "updated_at" => manner(self.home).has_update,
            _ => manner(self.home).has_times,
        }
    }

    /// The time, as the service that owns the collection writes it.
    pub fn time(&self, cloud: &Cloud) -> String {
        let now = nova_time(&cloud.clock);
        match manner(self.home).has_microseconds {
            true => now.trim_end_matches('Z').to_owned() + ".000000",
            false => now,
        }
    }

    fn identify(&self, cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> String {
        let name = || fields.text("name").to_owned();
        let number = cloud.collection(self.collection).next_number();
        let in_path = ask.parameter("id").map(|id| json!(id));
        let id = match (self.id, in_path.as_ref().or(fields.get("id"))) {
            (Identifier::Asked, Some(Value::String(id))) => json!(id),
            (Identifier::Asked, Some(Value::Number(id))) => json!(id.to_string()),
            (Identifier::Asked | Identifier::Uuid, _) => json!(cloud.ids.uuid().to_string()),
            (Identifier::Hex, _) => json!(cloud.ids.uuid().simple().to_string()),
            (Identifier::Number | Identifier::Name, _) => json!(number),
        };
        let key = match &id {
            Value::String(id) => id.clone(),
            _ if self.id == Identifier::Name => name(),
            number => number.to_string(),
        };
        if self.id == Identifier::Number {
            fields.insert("uuid", json!(cloud.ids.uuid().to_string()));
        }
        fields.insert("id", id);
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
                    && self.unique_within.is_none_or(|field| other.text(field) == wanted.text(field))
            };
            let has_twin = match *field {
                "name" => all.with(&Key::Name(value.into())).any(is_twin),
                _ => all.get(&wanted.id).is_some_and(is_twin),
            };
            if has_twin {
                return Err(Fault::new(Code::State, 409, filled(sentence, &wanted.body)));
            }
        }
        Ok(())
    }
}

/// `sentence` with `{field}` replaced by what `fields` have there.
pub fn filled(sentence: &str, fields: &Map) -> String {
    fields.iter().fold(sentence.to_owned(), |sentence, (name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        sentence.replace(&format!("{{{name}}}"), &value)
    })
}
