//! Keystone's own resources: what is filled in when they are made, and what a caller's own projects are.

use crate::base::json::{Map, Value, json};

use super::directory::{ROLE_NAMES, ROLES, texts};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Answer, Ask, keystone_links, visible};
use crate::contract::Code;

/// A project, user or the like is in a domain, which must be there; a project is below another, or below its domain.
pub fn in_domain(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let default = cloud.fixture.domain.id.clone();
    // What says none, even by a null, is in the default one.
    let domain = fields.get("domain_id").and_then(Value::as_str).unwrap_or(&default).to_owned();
    fields.insert("domain_id", json!(domain));
    if cloud.collection("domains").get(&domain).is_none() {
        return Err(Fault::not_found(format!("Could not find domain: {domain}.")));
    }
    if let Some(word) = fields.get("enabled").and_then(Value::as_str) {
        let enabled = truth(word) == Some(true);
        fields.insert("enabled", json!(enabled));
    }
    if ask.collection() == "projects" {
        let parent = fields.get_or_insert_with("parent_id", || Value::Null);
        match parent.as_str() {
            None => *parent = json!(domain),
            Some(id) if id == domain || cloud.collection("projects").get(id).is_some() => {}
            Some(id) => return Err(Fault::not_found(format!("Could not find project: {id}."))),
        }
    }
    Ok(())
}

/// An application credential is of the token's user and project, has roles that the token has, and a secret.
pub fn application_credential(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let caller = ask.caller.filter(|caller| caller.project.is_some()).ok_or_else(Fault::unauthorized)?;
    if fields.get("secret").is_none_or(Value::is_null) {
        fields.insert("secret", json!(cloud.ids.text(SECRET, 86)));
    }
    let mut names = Vec::new();
    for wanted in fields.get("roles").and_then(Value::as_array).into_iter().flatten() {
        let (key, value) = if wanted.get("id").is_some() { ("id", &wanted["id"]) } else { ("name", &wanted["name"]) };
        // One without either is called as Python calls nothing.
        let value = value.as_str().unwrap_or("None");
        let role = cloud.collection("roles").iter().find(|role| role.text(key) == value);
        let role = role.ok_or_else(|| Fault::not_found(format!("Could not find role: {value}.")))?;
        if !caller.roles.iter().any(|own| own == role.text("name")) {
            return Err(Fault::new(Code::Rule, 400, UNASSIGNED));
        }
        names.push(role.text("name").to_owned());
    }
    let shown = if names.is_empty() { &caller.roles } else { &names };
    let roles: Value =
        shown.iter().filter_map(|name| cloud.role_by_name(name)).map(|role| role.body.to_value()).collect();
    fields.insert("roles", roles);
    fields.insert(ROLE_NAMES, json!(names));
    if let Some(expiry) = fields.get("expires_at").and_then(Value::as_str).map(|text| text.trim_end_matches('Z')) {
        let whole = if expiry.contains('.') { expiry.to_owned() } else { format!("{expiry}.000000") };
        fields.insert("expires_at", json!(whole));
    }
    Ok(())
}

const UNASSIGNED: &str = "Invalid application credential: Cannot create an application credential with unassigned role";
const SECRET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The projects or domains in which a user has a role: the caller, or the one that the path names.
pub fn own_scopes(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let user = ask.parameter("user_id").or(ask.caller.map(|caller| caller.user.as_str()));
    let user = user.ok_or_else(Fault::unauthorized)?;
    let scopes = cloud.fixture.users.iter().find(|other| other.id == user).map(|user| user.roles.clone());
    let scopes = scopes.ok_or_else(|| Fault::not_found(format!("Could not find user: {user}.")))?;
    let own = cloud.collection(ask.collection()).iter().filter(|scope| scopes.contains_key(&scope.id));
    let own = own.map(|scope| scope.body.to_value()).collect();
    ask.answer(Some(listed(ask, own)))
}

/// A list with Keystone's links.
pub fn listed(ask: &Ask<'_>, list: Value) -> Value {
    let mut stored = keystone_links(ask);
    stored.insert(ask.list_name().to_owned(), list);
    Value::Object(stored)
}

/// A user gets another password, if it knows the one that it has.
pub fn change_password(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (old, new) = (ask.required("original_password")?, ask.required("password")?);
    let mut user = visible(cloud, ask, false)?;
    if user.text("password") != old {
        return Err(Fault::unauthorized());
    }
    user.set("password", new);
    let id = user.id.clone();
    drop(user);
    cloud.follow_identity("users", &id);
    ask.answer(None)
}

/// The names of the roles that a user has in a project or a domain.
pub fn roles_of(user: &Resource, scope: &str) -> Vec<String> {
    user.body.get(ROLES).and_then(|scopes| scopes.get(scope)).map_or_else(Vec::new, texts)
}
