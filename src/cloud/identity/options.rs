//! Options of Keystone's resources, and attributes of one's own. Sources: keystone/common/resource_options, keystone/common/sql/core.py.

use crate::base::json::{Map, Value};
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Ask, Fixed};
use crate::contract::Code;

/// The options of a resource that changes: a null takes one away, and what the change does not name stays. A resource that says it
/// is immutable changes nothing but that.
pub fn change(cloud: &Cloud, ask: &Ask<'_>, fields: &mut Map, what: &str) -> Result<(), Fault> {
    let Some(before) = cloud.known(ask.collection(), ask.id()) else { return Ok(()) };
    let sent = ask.fields();
    let of = |body: &Map| body.get("options").and_then(Value::as_object).cloned();
    if is_immutable(&before.body) && !makes_mutable(&sent) {
        return Err(forbidden_change("update", what, ask.id()));
    }
    let Some(new) = of(&sent) else { return Ok(()) };
    let mut options = of(&before.body).unwrap_or_else(Map::new);
    options.extend(new);
    options.retain(|_, value| !value.is_null());
    fields.insert("options", Value::Object(options));
    Ok(())
}

/// A resource that says it is immutable stays.
pub fn refuse_to_delete(cloud: &Cloud, collection: &str, id: &str, what: &str) -> Result<(), Fault> {
    match cloud.known(collection, id).is_some_and(|own| is_immutable(&own.body)) {
        true => Err(forbidden_change("delete", what, id)),
        false => Ok(()),
    }
}

fn is_immutable(body: &Map) -> bool {
    body.get("options").and_then(|options| options.get(IMMUTABLE)) == Some(&Value::Bool(true))
}

/// Is that all that is asked for?
fn makes_mutable(sent: &Map) -> bool {
    let option = sent.get("options").and_then(|options| options.get(IMMUTABLE));
    sent.len() == 1 && option.is_some_and(|option| option.is_null() || *option == Value::Bool(false))
}

/// The refusal to change what says that it is immutable; Keystone forgot the second backtick.
fn forbidden_change(verb: &str, what: &str, id: &str) -> Fault {
    let why = "Set resource option \"immutable\" to false first.";
    Fault::new(Code::Policy, 403, format!("Unable to {verb} immutable {what} resource: `{id}. {why}"))
}

const IMMUTABLE: &str = "immutable";

/// The fields that Keystone's tables of projects and of users have a column for.
const OF_PROJECTS: [&str; 10] =
    ["id", "name", "domain_id", "description", "enabled", "parent_id", "is_domain", "tags", "options", "links"];
const OF_USERS: [&str; 8] =
    ["id", "name", "domain_id", "default_project_id", "enabled", "password_expires_at", "options", "links"];

/// The answer to a change of a project has attributes of one's own twice.
pub fn tell_project(body: &mut Map) {
    tell(body, &OF_PROJECTS);
}

/// The same of a user.
pub fn tell_user(body: &mut Map) {
    tell(body, &OF_USERS);
}

fn tell(body: &mut Map, known: &[&str]) {
    let own = body.iter().filter(|(field, _)| !known.contains(&field.as_str()));
    let own: Map = own.map(|(field, value)| (field.to_owned(), value.clone())).collect();
    body.insert("extra", Value::Object(own));
}

/// The refusal of a field that is not to be changed.
pub const ID: Fixed = Fixed { field: "id", status: 400, message: "Cannot change ID" };

/// The same of the domain.
pub const DOMAIN: Fixed = Fixed { field: "domain_id", status: 400, message: "Cannot change Domain ID" };

/// A default project is no domain.
pub fn default_project(cloud: &Cloud, fields: &Map) -> Result<(), Fault> {
    let id = fields.get("default_project_id").and_then(Value::as_str);
    match id.filter(|id| cloud.known("domains", id).is_some()) {
        Some(id) => Err(Fault::new(Code::Rule, 400, format!("User's default project ID cannot be a domain ID: {id}"))),
        None => Ok(()),
    }
}
