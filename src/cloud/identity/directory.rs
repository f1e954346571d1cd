//! Domains, projects, users, roles and application credentials as resources: they come from the fixture, and logins find
//! them where clients change them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::derive;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{
    Actor, ApplicationCredential, Cloud, Collection, Fixture, Grant, Grants, Key, Resource, Target, User,
};
use crate::cloud::verb::id_of;

/// The stored field of an application credential that names its roles; none means all roles of its user.
pub const ROLE_NAMES: &str = "role_names";

/// The roles that `keystone-manage bootstrap` makes.
const BOOTSTRAPPED: [&str; 5] = ["admin", "manager", "member", "reader", "service"];

/// What it has others imply.
const IMPLIED: [(&str, &str); 3] = [("admin", "manager"), ("manager", "member"), ("member", "reader")];

/// The collections that hold who may log in, and where to.
const COLLECTIONS: [&str; 6] = ["domains", "regions", "projects", "roles", "users", "application_credentials"];

/// What Keystone's own code knows of an account and shows to nobody.
pub const HIDDEN: [&str; 3] = ["password", MEMBERS, IMPLIES];

/// The stored field of a role that lists the ids of the roles that it implies.
pub const IMPLIES: &str = "implies";

/// The stored field of a group that lists the ids of its users.
pub const MEMBERS: &str = "members";

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
        self.grants = grants(&fixture);
    }

    /// The resource `id` of one of Keystone's collections.
    pub(super) fn known(&self, collection: &str, id: &str) -> Option<&Resource> {
        self.collections.get(collection)?.get(id)
    }

    /// The role of that name that belongs to no domain.
    pub(in crate::cloud) fn role_by_name(&self, name: &str) -> Option<&Resource> {
        let mut roles = self.collections.get("roles")?.with(&Key::Name(name.into()));
        roles.find(|role| role.body.get("domain_id").is_none_or(Value::is_null))
    }

    /// Did a client make the application credential `id`?
    pub fn made_credential(&self, id: &str) -> bool {
        let all = self.collections.get("application_credentials").into_iter().flat_map(Collection::iter);
        let is_of_fixture = || self.fixture.application_credentials.iter().any(|own| own.id == id);
        all.filter(|own| own.text("id") == id).count() > 0 && !is_of_fixture()
    }

    /// The domain that a login names by id or by name, if it is enabled.
    pub(super) fn domain_of_claim(&self, claim: Option<&Value>) -> Option<&Resource> {
        let domains = self.collections.get("domains")?;
        let found = match (word(claim?, "id"), word(claim?, "name")) {
            (Some(id), _) => domains.get(id),
            (None, Some(name)) => domains.iter().find(|domain| domain.text("name").eq_ignore_ascii_case(name)),
            (None, None) => None,
        };
        found.filter(|domain| is_enabled(domain))
    }

    /// The user or the project that a login names by id, or by name in a domain, if it and its domain are enabled.
    pub(super) fn account_of_claim(&self, collection: &str, claim: &Value) -> Option<&Resource> {
        let all = self.collections.get(collection)?;
        let found = match word(claim, "id") {
            Some(id) => all.get(id)?,
            None => {
                let domain = self.domain_of_claim(claim.get("domain"))?;
                let name = word(claim, "name")?;
                all.with(&Key::Name(name.into())).find(|own| own.text("domain_id") == domain.id)?
            }
        };
        let domain = self.known("domains", found.text("domain_id"));
        Some(found).filter(|found| is_enabled(found) && domain.is_some_and(is_enabled))
    }
}

/// The text below `key`.
pub fn word<'v>(claim: &'v Value, key: &str) -> Option<&'v str> {
    claim.get(key).and_then(Value::as_str)
}

/// Is it usable? What does not say so is.
pub fn is_enabled(resource: &Resource) -> bool {
    resource.body.get("enabled") != Some(&Value::Bool(false))
}

/// The texts of a list.
pub fn texts(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn resource(collection: &str, fields: Value) -> Resource {
    let mut body = if let Value::Object(fields) = fields { fields } else { Map::default() };
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
        (
            "domains",
            json!({"id": domain.id, "name": domain.name, "description": "The default domain", "is_domain": true, "domain_id": null, "parent_id": null}),
        ),
        ("regions", json!({"id": fixture.region})),
    ];
    seeds.extend(fixture.other_regions.iter().map(|other| ("regions", json!({"id": other}))));
    let given = fixture.users.iter().flat_map(|user| user.roles.values().flatten().cloned());
    let names: BTreeSet<String> = given.chain(BOOTSTRAPPED.map(str::to_owned)).collect();
    seeds.extend(names.into_iter().map(|name| ("roles", role(fixture, &name))));
    seeds.extend(fixture.projects.iter().map(|project| {
        ("projects", json!({"id": project.id, "name": project.name, "domain_id": domain.id, "parent_id": domain.id}))
    }));
    seeds.extend(fixture.users.iter().map(|user| {
        let (id, name, password) = (&user.id, &user.name, &user.password);
        ("users", json!({"id": id, "name": name, "password": password, "domain_id": domain.id}))
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

/// Nobody changes the roles that Keystone itself made.
fn role(fixture: &Fixture, name: &str) -> Value {
    let options = if BOOTSTRAPPED.contains(&name) { json!({"immutable": true}) } else { json!({}) };
    let implied = IMPLIED.iter().filter(|(prior, _)| *prior == name).map(|(_, implied)| fixture.role_id(implied));
    json!({"id": fixture.role_id(name), "name": name, "options": options, IMPLIES: implied.collect::<Vec<_>>()})
}

/// The roles of the fixture's users. Who is an administrator somewhere is one of the system too, as after a bootstrap.
fn grants(fixture: &Fixture) -> Grants {
    let mut grants = Grants::default();
    let mut add = |user: &User, target: Target, name: &str| {
        let actor = Actor::User(user.id.clone());
        grants.add(Grant { actor, target, inherited: false, role: fixture.role_id(name) });
    };
    for user in &fixture.users {
        for (project, names) in &user.roles {
            names.iter().for_each(|name| add(user, Target::Project(project.clone()), name));
        }
        if user.roles.values().flatten().any(|name| name == "admin") {
            add(user, Target::System, "admin");
        }
    }
    grants
}

fn shown_roles(fixture: &Fixture, user: &str, project: &str, own: &[String]) -> Value {
    let all = fixture.users.iter().find(|other| other.id == user).and_then(|user| user.roles.get(project));
    let names = if own.is_empty() { all.map_or(&[][..], Vec::as_slice) } else { own };
    names.iter().map(|name| role(fixture, name)).collect()
}
