//! Which roles users have in projects and domains.

use super::accounts::{listed, roles_of};
use super::directory::{ROLES, texts};
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask};

/// The role, the user and the scope that a path names, all of which are there.
struct Named {
    role: String,
    role_id: String,
    user: Resource,
    scope: String,
}

impl Named {
    fn by(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Named, Fault> {
        let is_project = ask.parameter("project_id").is_some();
        let (collection, scope) = if is_project { ("projects", "project_id") } else { ("domains", "domain_id") };
        let scope = existing(cloud, collection, ask.parameter(scope))?.id;
        let user = existing(cloud, "users", ask.parameter("user_id"))?;
        let (role, role_id) = match ask.parameter("role_id") {
            Some(id) => {
                let role = existing(cloud, "roles", Some(id))?;
                (role.text("name").to_owned(), role.id)
            }
            None => Default::default(),
        };
        Ok(Named { role, role_id, user, scope })
    }

    fn change(&self, cloud: &mut Cloud, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(mut user) = cloud.collection("users").get_mut(&self.user.id) {
            let mut names = roles_of(&user, &self.scope);
            change(&mut names);
            let mut scopes = user.body.get(ROLES).and_then(Value::as_object).cloned().unwrap_or_default();
            scopes.insert(self.scope.clone(), json!(names));
            user.set(ROLES, scopes);
        }
        cloud.follow_identity("users", &self.user.id);
    }

    fn refuse_unassigned(&self) -> Result<(), Fault> {
        if roles_of(&self.user, &self.scope).contains(&self.role) {
            return Ok(());
        }
        let Named { role_id, user: Resource { id: user, .. }, scope, .. } = self;
        Err(Fault::not_found(format!(
            "Could not find role assignment with role: {role_id}, user or group: {user}, project, domain, or system: {scope}."
        )))
    }
}

fn existing(cloud: &mut Cloud, collection: &str, id: Option<&str>) -> Result<Resource, Fault> {
    // A path that names none leads nowhere.
    let id = id.ok_or_else(Fault::no_resource)?;
    let missing = || Fault::not_found(format!("Could not find {}: {id}.", collection.trim_end_matches('s')));
    cloud.collection(collection).get(id).cloned().ok_or_else(missing)
}

/// Gives a user a role.
pub fn grant(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let named = Named::by(cloud, ask)?;
    let role = named.role.clone();
    named.change(cloud, |names| {
        if !names.contains(&role) {
            names.push(role);
        }
    });
    ask.answer(None)
}

/// Takes a role away from a user.
pub fn revoke(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let named = Named::by(cloud, ask)?;
    named.refuse_unassigned()?;
    named.change(cloud, |names| names.retain(|name| *name != named.role));
    ask.answer(None)
}

/// Has a user a role?
pub fn check(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    Named::by(cloud, ask)?.refuse_unassigned()?;
    ask.answer(None)
}

/// The roles of a user in a project or domain.
pub fn index_of_user(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let named = Named::by(cloud, ask)?;
    let names = roles_of(&named.user, &named.scope);
    let roles = names.iter().filter_map(|name| cloud.role_by_name(name)).map(|role| role.body.to_value());
    let roles = roles.collect();
    ask.answer(Some(listed(ask, roles)))
}

/// Every role of every user everywhere, as the query narrows it.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let users: Vec<Resource> = cloud.collection("users").iter().cloned().collect();
    let with_names = ask.query.last("include_names").is_some_and(|word| !matches!(word, "0" | "false" | "False"));
    let mut rows = Vec::new();
    for user in users {
        for (scope, names) in user.body.get(ROLES).and_then(Value::as_object).into_iter().flatten() {
            for name in texts(names) {
                rows.extend(row(cloud, ask, &user, scope, &name, with_names));
            }
        }
    }
    ask.answer(Some(listed(ask, rows.into())))
}

fn row(cloud: &Cloud, ask: &Ask<'_>, user: &Resource, scope: &str, role: &str, with_names: bool) -> Option<Value> {
    let role = cloud.role_by_name(role)?;
    let project = cloud.collections.get("projects").and_then(|projects| projects.get(scope));
    let domain = cloud.collections.get("domains").and_then(|domains| domains.get(scope));
    let (kind, place) = project.map(|project| ("project", project)).or(domain.map(|domain| ("domain", domain)))?;
    let filter = |name: &str, id: &str| ask.query.last(name).is_none_or(|wanted| wanted == id);
    let scope_filter = format!("scope.{kind}.id");
    let other = if kind == "project" { "scope.domain.id" } else { "scope.project.id" };
    let passes = filter("role.id", &role.id) && filter("user.id", &user.id) && filter(&scope_filter, &place.id);
    let is_narrowed = ask.query.last(other).is_some()
        || ask.query.last("group.id").is_some()
        || ask.query.last("scope.system").is_some();
    (passes && !is_narrowed).then(|| {
        let domain =
            named(cloud.fixture.domain.id.as_str(), Some(&cloud.fixture.domain.name).filter(|_| with_names), None);
        let full = |resource: &Resource, has_domain: bool| {
            let name = Some(resource.text("name").to_owned()).filter(|_| with_names);
            named(&resource.id, name.as_ref(), Some(&domain).filter(|_| with_names && has_domain))
        };
        let (user_id, role_id, scope_id) = (&user.id, &role.id, &place.id);
        json!({
            "links": {"assignment": format!("self:{kind}s/{scope_id}/users/{user_id}/roles/{role_id}")},
            "role": full(role, false),
            "user": full(user, true),
            "scope": {kind: full(place, kind == "project")},
        })
    })
}

fn named(id: &str, name: Option<&String>, domain: Option<&Value>) -> Value {
    let mut fields = Map::from_iter([("id", json!(id))]);
    fields.extend(name.map(|name| ("name", json!(name))));
    fields.extend(domain.map(|domain| ("domain".to_owned(), domain.clone())));
    Value::Object(fields)
}
