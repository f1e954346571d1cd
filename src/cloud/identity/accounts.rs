//! Keystone's own resources: what is filled in when they are made, and what a caller's own projects are.

use crate::base::json::{Map, Value, json, object};

use super::directory::{ROLE_NAMES, is_enabled};
use super::options;
use crate::base::truth;
use crate::cloud::store::{Cloud, Collection, Fault, Resource, Target};
use crate::cloud::verb::{Answer, Ask, id_of, instant, keystone_links};
use crate::contract::Code;

/// A user, a group or the like is in a domain, which must be there.
pub fn in_domain(cloud: &mut Cloud, _: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let default = cloud.fixture.domain.id.clone();
    // What says none, even by a null, is in the default one.
    let domain = fields.get("domain_id").and_then(Value::as_str).unwrap_or(&default).to_owned();
    fields.insert("domain_id", json!(domain));
    existing(cloud, "domains", &domain)?;
    enabled(fields);
    Ok(())
}

/// What is called on or off is.
pub fn enabled(fields: &mut Map) {
    if let Some(word) = fields.get("enabled").and_then(Value::as_str) {
        let enabled = truth(word) == Some(true);
        fields.insert("enabled", json!(enabled));
    }
}

/// Only spells `enabled`.
pub fn spelled(_: &mut Cloud, _: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    enabled(fields);
    Ok(())
}

/// Refuses an id that names nothing in one of Keystone's collections.
pub fn existing(cloud: &Cloud, collection: &str, id: &str) -> Result<(), Fault> {
    let missing = || Fault::not_found(format!("Could not find {}: {id}.", collection.trim_end_matches('s')));
    cloud.known(collection, id).map(|_| ()).ok_or_else(missing)
}

/// A refusal in which Keystone says what is not allowed.
pub fn forbidden(what: &str) -> Fault {
    Fault::new(Code::Policy, 403, format!("You are not authorized to perform the requested action: {what}."))
}

/// A user that changes.
pub fn change_user(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    options::change(cloud, ask, fields, "user")?;
    in_domain(cloud, ask, fields)
}

/// A user is in a domain, and its default project is none.
pub fn user(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    options::default_project(cloud, fields)?;
    in_domain(cloud, ask, fields)
}

/// An application credential is of the token's user and project, has roles that the token has, and a secret.
pub fn application_credential(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let caller = ask.caller.filter(|caller| caller.project.is_some()).ok_or_else(Fault::unauthorized)?;
    refuse_restricted(cloud, ask)?;
    fields.insert("user_id", json!(caller.user));
    fields.insert("project_id", json!(caller.project));
    if fields.get("secret").is_none_or(Value::is_null) {
        fields.insert("secret", json!(cloud.ids.text(SECRET, 86)));
    }
    let mut names = Vec::new();
    for wanted in fields.list("roles") {
        let (key, value) = if wanted.get("id").is_some() { ("id", &wanted["id"]) } else { ("name", &wanted["name"]) };
        // One without either is called as Python calls nothing.
        let value = value.as_str().unwrap_or("None");
        let role = cloud.collection("roles").iter().find(|role| role.text(key) == value);
        let missing = || match key {
            "id" => Fault::not_found(format!("Could not find role: {value}.")),
            _ => Fault::not_found(format!("Role {value} is not defined")),
        };
        let role = role.ok_or_else(missing)?;
        if !caller.roles.iter().any(|own| own == role.text("name")) {
            return Err(Fault::new(Code::Rule, 400, UNASSIGNED));
        }
        let id = role.id.clone();
        let all = cloud.with_implied(std::collections::BTreeSet::from([id]));
        names.extend(all.into_iter().map(|role| role.text("name").to_owned()));
    }
    names.sort_unstable();
    names.dedup();
    let shown = if names.is_empty() { &caller.roles } else { &names };
    let roles: Value =
        shown.iter().filter_map(|name| cloud.role_by_name(name)).map(|role| Value::Object(role.body.clone())).collect();
    fields.insert("roles", roles);
    fields.insert(ROLE_NAMES, json!(names));
    if let Some(text) = fields.get("expires_at").and_then(Value::as_str) {
        let why = match instant(text) {
            None => "Timestamp not in expected format.",
            Some(time) if time <= cloud.clock.now() => "The 'expires_at' must not be before now.",
            Some(_) => "",
        };
        if !why.is_empty() {
            let rest = "The server could not comply with the request since it is either malformed or otherwise incorrect. The client is \
                        assumed to be in error.";
            return Err(Fault::new(Code::Rule, 400, format!("{why} {rest}")));
        }
    }
    if let Some(expiry) = fields.get("expires_at").and_then(Value::as_str).map(|text| text.trim_end_matches('Z')) {
        let whole = if expiry.contains('.') { expiry.to_owned() } else { format!("{expiry}.000000") };
        fields.insert("expires_at", json!(whole));
    }
    access_rules(cloud, &caller.user, fields);
    Ok(())
}

/// Who came with an application credential makes and deletes none, unless it is unrestricted.
pub fn refuse_restricted(cloud: &Cloud, ask: &Ask<'_>) -> Result<(), Fault> {
    let token = ask.headers.get("X-Auth-Token").and_then(|text| cloud.token(text));
    let key = token.and_then(|token| Some(format!("{}/{}", token.caller.user, token.application_credential.as_ref()?)));
    let own = key.and_then(|key| cloud.known("application_credentials", &key));
    match own.filter(|own| own.body.get("unrestricted") != Some(&Value::Bool(true))) {
        Some(_) => Err(forbidden(
            "Using method 'application_credential' is not allowed for managing additional application credentials.",
        )),
        None => Ok(()),
    }
}

/// The rules that come with a credential become the user's own; an id alone names one that is there already.
fn access_rules(cloud: &mut Cloud, user: &str, fields: &mut Map) {
    let Some(rules) = fields.get("access_rules").and_then(Value::as_array).cloned() else { return };
    let mut own = Vec::new();
    for rule in rules {
        let known = cloud.collection("access_rules").iter().find(|known| {
            known.text("user_id") == user
                && (rule["id"] == known.text("id")
                    || ["path", "method", "service"].iter().all(|name| rule[name] == known.text(name)))
        });
        let known = known.map(|known| Value::Object(known.body.clone())).unwrap_or_else(|| {
            let id = cloud.ids.uuid().simple().to_string();
            let body = object!({
                "id": id, "path": rule["path"], "method": rule["method"], "service": rule["service"],
                "user_id": user, "links": {"self": format!("self:access_rules/{id}")},
            });
            Value::Object(body)
        });
        own.push(known);
    }
    fields.insert("access_rules", Value::Array(own));
}

/// What a new credential allows is kept with it.
pub fn keep_access_rules(cloud: &mut Cloud, credential: &Resource) {
    let user = credential.text("user_id");
    let rules = credential.body.list("access_rules").iter();
    for rule in rules.filter_map(Value::as_object) {
        let key = format!("{user}/{}", id_of(rule));
        cloud.collection("access_rules").put(Resource::new(key, None, rule.clone()));
    }
}

const UNASSIGNED: &str = "Invalid application credential: Cannot create an application credential with unassigned role";
const SECRET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The projects or domains in which a user has a role: the caller, or the one that the path names.
pub fn own_scopes(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let user = ask.parameter("user_id").or(ask.caller.map(|caller| caller.user.as_str()));
    let user = user.ok_or_else(Fault::unauthorized)?;
    existing(cloud, "users", user)?;
    if ask.collection().is_empty() {
        let own = !cloud.roles_at(user, &Target::System).is_empty();
        let places = if own { json!([{"all": true}]) } else { json!([]) };
        return ask.answer(Some(Value::Object(told(ask, "system", places))));
    }
    let target = |id: &String| match ask.collection() {
        "projects" => Target::Project(id.clone()),
        _ => Target::Domain(id.clone()),
    };
    let all = cloud.collections.get(ask.collection()).into_iter().flat_map(Collection::iter);
    let own = all.filter(|scope| is_enabled(scope) && !cloud.roles_at(user, &target(&scope.id)).is_empty());
    let own = own.map(|scope| Value::Object(scope.body.clone())).collect();
    ask.answer(Some(listed(ask, own)))
}

/// A list with Keystone's links.
pub fn listed(ask: &Ask<'_>, list: Value) -> Value {
    Value::Object(told(ask, ask.list_name(), list))
}

/// A value with Keystone's links.
pub fn told(ask: &Ask<'_>, name: &str, value: Value) -> Map {
    let mut stored = keystone_links(ask);
    stored.insert(name.to_owned(), value);
    stored
}

/// A user gets another password, if it knows the one that it has; its tokens end.
pub fn change_password(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (old, new) = (ask.required("original_password")?, ask.required("password")?);
    // Who knows the password needs no token.
    let id = ask.id().to_owned();
    existing(cloud, "users", &id)?;
    let users = cloud.collection("users");
    match users.get_mut(&id).filter(|user| user.text("password") == old) {
        Some(mut user) => user.set("password", new),
        None => return Err(Fault::unauthorized()),
    }
    cloud.tokens.retain(|token| token.caller.user != id);
    ask.answer(None)
}
