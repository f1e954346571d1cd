//! The resources of a fixture: read, checked against what contracts know, and completed.

use serde_json::{Value, json};

use super::derived::{derive, published};
use super::fixture::{ANY_FIELD, Fixture, ResourceFields, User, no_such_project, optional};
use super::resource::Resource;
use crate::base::{Diagnostic, FieldMap, Node, unknown_key};

impl Fixture {
    pub(super) fn put_resources(
        &mut self,
        collection: &str,
        list: &Node,
        fields: Option<&ResourceFields>,
    ) -> Result<(), Diagnostic> {
        for node in list.items()? {
            let resource = self.resource(collection, node, fields)?;
            let copies = if collection == "keypairs" { self.pairs(node, &resource)? } else { vec![resource] };
            let kept = self.resources.entry(collection.to_owned()).or_default();
            for resource in copies {
                match kept.iter_mut().find(|other| other.id == resource.id) {
                    Some(other) => *other = resource,
                    None => kept.push(resource),
                }
            }
        }
        Ok(())
    }

    /// The key pair of each user that has it: the one that `user` names, or else all in `project`, or else all.
    fn pairs(&self, node: &Node, pair: &Resource) -> Result<Vec<Resource>, Diagnostic> {
        let named = optional(node, "user")?;
        if let Some(name) = named.as_ref().filter(|name| !self.users.iter().any(|user| user.name == **name)) {
            return Err(Diagnostic::new(format!("there is no user {name:?}"))
                .at(&node.place)
                .row("fix", "name one that stands before it under `users`"));
        }
        let has_it = |user: &&User| match (&named, &pair.project) {
            (Some(name), _) => user.name == *name,
            (None, Some(project)) => user.roles.contains_key(project),
            (None, None) => true,
        };
        let count = self.resources.get("keypairs").map_or(0, Vec::len);
        let copy = |(place, user): (usize, &User)| {
            let mut pair = Resource { id: format!("{}/{}", user.id, pair.text("name")), ..pair.clone() };
            pair.set("user_id", user.id.as_str());
            pair.set("id", count + place + 1);
            pair
        };
        Ok(self.users.iter().filter(has_it).enumerate().map(copy).collect())
    }

    /// A resource: its fields, `project` (a name) for its owner, and `public`. The id is made from the name if there is none.
    fn resource(&self, collection: &str, node: &Node, fields: Option<&ResourceFields>) -> Result<Resource, Diagnostic> {
        let mut body = FieldMap::default();
        let (mut project, mut public) = (None, None);
        for (key, place, value) in node.entries()? {
            match key.as_str() {
                "project" => {
                    let name = value.text()?;
                    project = Some(self.project_id(name).ok_or_else(|| no_such_project(name, &value.place))?);
                }
                "public" => public = Some(value.boolean()?),
                "user" if collection == "keypairs" => {}
                _ if fields.is_some_and(|fields| !fields.known.contains(key) && !fields.known.contains(ANY_FIELD)) => {
                    let known: Vec<&str> =
                        fields.into_iter().flat_map(|fields| &fields.known).map(String::as_str).collect();
                    return Err(unknown_key(key, place, &known));
                }
                _ => {
                    body.insert(key.clone(), value.to_json());
                }
            }
        }
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = match body.get("id") {
            Some(Value::String(id)) => id.clone(),
            Some(_) => return Err(node.expected("an \"id\" that is a string").row("fix", "put it in quotes")),
            None => stable_uuid(&format!("{collection} {name}")),
        };
        body.insert("id".to_owned(), json!(id));
        let owners: &[&str] = if collection == "images" { &["owner"] } else { &["tenant_id", "project_id"] };
        for owner in owners {
            body.get_or_insert_with(*owner, || json!(project.clone().unwrap_or_default()));
        }
        if collection == "keypairs" {
            // Each copy gets its user's.
            body.insert("user_id".to_owned(), json!(""));
        }
        derive(collection, &mut body);
        if let Some(field) = fields.and_then(|fields| fields.required.iter().find(|field| !body.contains_key(field))) {
            return Err(Diagnostic::new(format!("the key {field:?} is missing")).at(&node.place));
        }
        let public = public.or(published(collection, &body)).unwrap_or(project.is_none());
        if collection == "flavors" {
            body.insert("os-flavor-access:is_public".to_owned(), json!(public));
        }
        Ok(Resource { id, public, project, body, pending: None })
    }
}

fn stable_uuid(text: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).to_string()
}
