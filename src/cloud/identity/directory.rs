//! Projects, users, roles and application credentials as resources. They come from the fixture; logins look up the user
//! in a fixture that is updated whenever clients add, change or delete one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::derive;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{ApplicationCredential, Cloud, Fixture, Key, Project, Resource, User};
use crate::cloud::verb::id_of;

/// The stored field of a user that maps the ids of projects and domains to the names of the roles there.
pub const ROLES: &str = "roles_by_scope";

/// The stored field of an application credential that names its roles; none means all roles of its user.
pub const ROLE_NAMES: &str = "role_names";

/// The collections that hold who may log in, and where to.
const COLLECTIONS: [&str; 6] = ["domains", "regions", "projects", "roles", "users", "application_credentials"];

impl Cloud {
    /// Fills the collections with the users and projects of the fixture.
    pub(in crate::cloud) fn seed_identity(&mut self) {
        let fixture = Arc::clone(&self.fixture);
        for name in COLLECTIONS {
            self.collection(name).retain(|_| false);
        }
        for (collection, fields) in seeds(&fixture) {
            let resource = resource(collection, fields);
            self.collection(collection).put(resource);
        }
    }

    /// From now on logins use the resource `id` of `collection` as it is now; tokens of a deleted one are revoked.
    pub(in crate::cloud) fn follow_identity(&mut self, collection: &str, id: &str) {
        let found = self.collections.get(collection).and_then(|all| all.get(id));
        let found = found.filter(|resource| resource.body.get("enabled") != Some(&Value::Bool(false)));
        let fixture = Arc::make_mut(&mut self.fixture);
        match collection {
            "projects" if follow(&mut fixture.projects, |own| own.id == id, found.map(project)) => {
                self.tokens.retain(|token| token.caller.project.as_deref() != Some(id));
            }
            "users" if follow(&mut fixture.users, |own| own.id == id, found.map(user)) => {
                self.tokens.retain(|token| token.caller.user != id);
            }
            "application_credentials" => {
                let own = id.rsplit('/').next();
                if follow(&mut fixture.application_credentials, |other| Some(&*other.id) == own, found.map(credential))
                {
                    self.tokens.retain(|token| token.application_credential.as_deref() != own);
                }
            }
            _ => {}
        }
    }

    /// The role `id`, as Keystone shows it beside what it is a role for.
    pub(in crate::cloud) fn role_by_name(&self, name: &str) -> Option<&Resource> {
        self.collections.get("roles")?.with(&Key::Name(name.into())).next()
    }
}

/// Puts `now` in the place of what `is_it`; is there none any more?
fn follow<T>(all: &mut Vec<T>, is_it: impl Fn(&T) -> bool, now: Option<T>) -> bool {
    match (all.iter().position(is_it), now) {
        (Some(place), Some(now)) => all[place] = now,
        (Some(place), None) => {
            all.remove(place);
            return true;
        }
        (None, now) => all.extend(now),
    }
    false
}

fn project(project: &Resource) -> Project {
    Project { id: project.id.clone(), name: project.text("name").to_owned() }
}

fn user(user: &Resource) -> User {
    let scopes = user.body.get(ROLES).and_then(Value::as_object).into_iter().flatten();
    let roles = scopes.map(|(scope, names)| (scope.to_string(), texts(names))).filter(|(_, names)| !names.is_empty());
    User {
        id: user.id.clone(),
        name: user.text("name").to_owned(),
        password: user.text("password").to_owned(),
        roles: roles.collect(),
    }
}

fn credential(credential: &Resource) -> ApplicationCredential {
    ApplicationCredential {
        id: credential.text("id").to_owned(),
        name: credential.text("name").to_owned(),
        secret: credential.text("secret").to_owned(),
        user: credential.text("user_id").to_owned(),
        project: credential.text("project_id").to_owned(),
        roles: credential.body.get(ROLE_NAMES).map_or_else(Vec::new, texts),
        unrestricted: credential.body.get("unrestricted") == Some(&json!(true)),
    }
}

/// The texts of a list.
pub fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn resource(collection: &str, fields: Value) -> Resource {
    let mut body = if let Value::Object(fields) = fields { fields } else { Map::new() };
    derive(collection, &mut body);
    let own = id_of(&body);
    let id = match body.get("user_id").and_then(Value::as_str) {
        Some(user) => format!("{user}/{own}"),
        None => own,
    };
    Resource { public: true, ..Resource::new(id, None, body) }
}

fn seeds(fixture: &Fixture) -> Vec<(&'static str, Value)> {
    let domain = &fixture.domain;
    let mut seeds = vec![
        ("domains", json!({"id": domain.id, "name": domain.name, "description": "The default domain"})),
        ("regions", json!({"id": fixture.region})),
    ];
    let known = ["admin", "manager", "member", "reader"].map(str::to_owned);
    let given = fixture.users.iter().flat_map(|user| user.roles.values().flatten().cloned());
    let names: BTreeSet<String> = given.chain(known).collect();
    seeds.extend(names.into_iter().map(|name| ("roles", json!({"id": fixture.role_id(&name), "name": name}))));
    seeds.extend(fixture.projects.iter().map(|project| {
        ("projects", json!({"id": project.id, "name": project.name, "domain_id": domain.id, "parent_id": domain.id}))
    }));
    seeds.extend(fixture.users.iter().map(|user| {
        let (id, name, password, roles) = (&user.id, &user.name, &user.password, &user.roles);
        let fields = json!({"id": id, "name": name, "password": password, "domain_id": domain.id, ROLES: roles});
        ("users", fields)
    }));
    seeds.extend(fixture.application_credentials.iter().map(|credential| {
        let ApplicationCredential { id, name, secret, user, project, roles, unrestricted } = credential;
        let fields = json!({
            "id": id, "name": name, "secret": secret, "user_id": user, "project_id": project,
            "unrestricted": unrestricted, ROLE_NAMES: roles, "roles": shown_roles(fixture, user, project, roles),
        });
        ("application_credentials", fields)
    }));
    seeds
}

fn shown_roles(fixture: &Fixture, user: &str, project: &str, own: &[String]) -> Value {
    let all = fixture.users.iter().find(|other| other.id == user).and_then(|user| user.roles.get(project));
    let names = if own.is_empty() { all.map_or(&[][..], Vec::as_slice) } else { own };
    names.iter().map(|name| json!({"id": fixture.role_id(name), "name": name})).collect()
}
