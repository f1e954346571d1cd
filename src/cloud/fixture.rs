//! Fixtures: what the cloud holds when it starts. YAML, the base embedded, overlays from the user.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::behaviour::{Boot, Pace};
use super::catalog::{stable_id, stable_uuid};
use super::default_groups;
use super::derived::{derive, published};
use super::fixture_input::{files_of, role, unreadable};
use super::quota::Quotas;
use super::resource::Resource;
use crate::base::{Diagnostic, FieldMap, Node, parse_yaml, read_text, unknown_key};
use crate::contract::Bend;

/// What the cloud holds when it starts.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The release that the cloud is, and where it differs from it.
    pub release: Bend,
    /// The region of all endpoints.
    pub region: String,
    /// The domain of all users and projects.
    pub domain: Domain,
    /// The projects.
    pub projects: Vec<Project>,
    /// The users.
    pub users: Vec<User>,
    /// The application credentials.
    pub application_credentials: Vec<ApplicationCredential>,
    /// How long a token lives, in seconds.
    pub token_lifetime: u64,
    /// The availability zones; the first is the default.
    pub availability_zones: Vec<String>,
    /// How boots go.
    pub boot: Boot,
    /// How long it takes until a server has done what it was told.
    pub actions: Pace,
    /// How much a project may have.
    pub quotas: Quotas,
    /// The resources, by collection.
    pub resources: BTreeMap<String, Vec<Resource>>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The id: 32 hexadecimal digits.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
    /// Project ids and the roles there, in order of the file.
    pub roles: BTreeMap<String, Vec<String>>,
}

/// An application credential.
#[derive(Clone, Debug)]
pub struct ApplicationCredential {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// The id of its user.
    pub user: String,
    /// The id of its project.
    pub project: String,
    /// The names of its roles; none stands for all of its user.
    pub roles: Vec<String>,
    /// May it make other credentials?
    pub unrestricted: bool,
}

const BASE: &[(&str, &str)] = &[
    ("fixtures/base/cloud.yaml", include_str!("../../fixtures/base/cloud.yaml")),
    ("fixtures/base/compute.yaml", include_str!("../../fixtures/base/compute.yaml")),
    ("fixtures/base/extensions.yaml", include_str!("../../fixtures/base/extensions.yaml")),
    ("fixtures/base/hosts.yaml", include_str!("../../fixtures/base/hosts.yaml")),
    ("fixtures/base/image.yaml", include_str!("../../fixtures/base/image.yaml")),
    ("fixtures/base/network.yaml", include_str!("../../fixtures/base/network.yaml")),
    ("fixtures/base/volume.yaml", include_str!("../../fixtures/base/volume.yaml")),
];

const KNOWN: [&str; 13] = [
    "release",
    "region",
    "domain",
    "projects",
    "users",
    "application_credentials",
    "token_lifetime",
    "availability_zones",
    "boot",
    "actions",
    "quotas",
    "resources",
    "description",
];

/// The fields that a collection's resources may have, by collection.
pub type Fields = BTreeMap<String, ResourceFields>;

/// The fields that the resources of a collection may and must have.
#[derive(Clone, Debug, Default)]
pub struct ResourceFields {
    /// Those that a contract knows.
    pub known: BTreeSet<String>,
    /// Those without which a resource cannot be shown.
    pub required: BTreeSet<String>,
}

/// Stands among the fields of a collection whose resources may have others too: images have properties of their own.
pub const ANY_FIELD: &str = "*";

impl Fixture {
    /// The cloud that comes with mockstack.
    ///
    /// # Errors
    /// A file cannot be read: a defect of mockstack.
    pub fn base() -> Result<Fixture, Diagnostic> {
        let mut fixture = Fixture::empty();
        for (name, text) in BASE {
            fixture.apply(&parse_yaml(name, text)?, &Fields::new())?;
        }
        Ok(fixture)
    }

    /// This fixture with a file, or all `.yaml` files of a folder in alphabetical order, over it.
    ///
    /// # Errors
    /// A file cannot be read, or says something that a fixture cannot; `fields` are the fields that contracts know.
    pub fn with_overlay(mut self, path: &Path, fields: &Fields) -> Result<Fixture, Diagnostic> {
        for file in files_of(path)? {
            let text = read_text(&file).map_err(|error| unreadable(&file, &error))?;
            self.apply(&parse_yaml(&file.display().to_string(), &text)?, fields)?;
        }
        Ok(self)
    }

    fn empty() -> Fixture {
        Fixture {
            release: Bend::default(),
            region: String::new(),
            domain: Domain { id: String::new(), name: String::new() },
            projects: Vec::new(),
            users: Vec::new(),
            application_credentials: Vec::new(),
            token_lifetime: 3600,
            availability_zones: Vec::new(),
            boot: Boot::AT_ONCE,
            actions: Pace::Polls(0),
            quotas: Quotas::default(),
            resources: BTreeMap::new(),
        }
    }

    fn apply(&mut self, node: &Node, fields: &Fields) -> Result<(), Diagnostic> {
        for (key, place, value) in node.entries()? {
            match key.as_str() {
                "description" => {}
                "release" => self.release.read(value)?,
                "region" => self.region = value.text()?.to_owned(),
                "domain" => self.domain = Domain { id: text(value, "id")?, name: text(value, "name")? },
                "projects" => self.put_projects(value)?,
                "users" => self.put_users(value)?,
                "application_credentials" => self.put_application_credentials(value)?,
                "token_lifetime" => self.token_lifetime = value.integer()?,
                "availability_zones" => {
                    self.availability_zones =
                        value.items()?.iter().map(|n| n.text().map(str::to_owned)).collect::<Result<_, _>>()?;
                }
                "boot" => self.boot = Boot::read(value)?,
                "actions" => self.actions = Pace::read(value)?,
                "quotas" => self.quotas.apply(value)?,
                "resources" => {
                    for (collection, place, list) in value.entries()? {
                        if !fields.is_empty() && !fields.contains_key(collection) {
                            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
                            return Err(unknown_key(collection, place, &known));
                        }
                        self.put_resources(collection, list, fields.get(collection))?;
                    }
                }
                _ => return Err(unknown_key(key, place, &KNOWN)),
            }
        }
        default_groups::settle(self);
        Ok(())
    }

    fn put_projects(&mut self, list: &Node) -> Result<(), Diagnostic> {
        for node in list.items()? {
            only(node, &["id", "name"])?;
            let name = text(node, "name")?;
            let id = optional(node, "id")?.unwrap_or_else(|| stable_id(&format!("project {name}")));
            self.projects.retain(|project| project.name != name);
            self.projects.push(Project { id, name });
        }
        Ok(())
    }

    fn put_users(&mut self, list: &Node) -> Result<(), Diagnostic> {
        for node in list.items()? {
            only(node, &["id", "name", "password", "roles"])?;
            let name = text(node, "name")?;
            let id = optional(node, "id")?.unwrap_or_else(|| stable_id(&format!("user {name}")));
            let mut roles = BTreeMap::new();
            for (project, place, names) in node.get("roles").map_or(Ok(&[][..]), Node::entries)? {
                let names: Result<Vec<String>, Diagnostic> = names.items()?.iter().map(role).collect();
                roles.insert(self.project_id(project).ok_or_else(|| no_such_project(project, place))?, names?);
            }
            self.users.retain(|user| user.name != name);
            self.users.push(User { id, name, password: text(node, "password")?, roles });
        }
        Ok(())
    }

    fn put_application_credentials(&mut self, list: &Node) -> Result<(), Diagnostic> {
        for node in list.items()? {
            only(node, &["id", "name", "secret", "user", "project"])?;
            let name = text(node, "name")?;
            let project = text(node, "project")?;
            let project = self.project_id(&project).ok_or_else(|| no_such_project(&project, &node.place))?;
            let user = text(node, "user")?;
            let user = self.users.iter().find(|u| u.name == user).map(|u| u.id.clone());
            let user = user.ok_or_else(|| node.expected("a user that stands before it"))?;
            let id = optional(node, "id")?.unwrap_or_else(|| stable_id(&format!("application credential {name}")));
            self.application_credentials.push(ApplicationCredential {
                id,
                name,
                secret: text(node, "secret")?,
                user,
                project,
                roles: Vec::new(),
                unrestricted: false,
            });
        }
        Ok(())
    }

    fn put_resources(
        &mut self,
        collection: &str,
        list: &Node,
        fields: Option<&ResourceFields>,
    ) -> Result<(), Diagnostic> {
        let mut named: Vec<String> = Vec::new();
        for node in list.items()? {
            let resource = self.resource(collection, node, fields)?;
            if node.get("id").is_some() && named.contains(&resource.id) {
                return Err(Diagnostic::new(format!("two resources of {collection} have the id {:?}", resource.id))
                    .at(&node.place)
                    .row("fix", "give each an id of its own"));
            }
            named.push(resource.id.clone());
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

    /// The id of the project `name`.
    pub fn project_id(&self, name: &str) -> Option<String> {
        self.projects.iter().find(|project| project.name == name).map(|project| project.id.clone())
    }

    /// The id of the role `name`.
    pub fn role_id(&self, name: &str) -> String {
        stable_id(&format!("role {name}"))
    }
}

fn no_such_project(name: &str, place: &crate::base::Place) -> Diagnostic {
    Diagnostic::new(format!("there is no project {name:?}"))
        .at(place)
        .row("fix", "name one that stands before it under `projects`")
}

fn only(node: &Node, known: &[&str]) -> Result<(), Diagnostic> {
    match node.entries()?.iter().find(|(key, ..)| !known.contains(&key.as_str())) {
        Some((key, place, _)) => Err(unknown_key(key, place, known)),
        None => Ok(()),
    }
}

fn text(node: &Node, key: &str) -> Result<String, Diagnostic> {
    optional(node, key)?.ok_or_else(|| Diagnostic::new(format!("the key {key:?} is missing")).at(&node.place))
}

fn optional(node: &Node, key: &str) -> Result<Option<String>, Diagnostic> {
    node.get(key).map(|value| value.text().map(str::to_owned)).transpose()
}
