//! What Keystone's `AuthInfo` checks of `POST /v3/auth/tokens` after the schema (keystone/auth/core.py).

use crate::base::json::{Map, Value};
use crate::base::{Pointer, Versions};
use crate::contract::finding::{Code, Rejection, Step};

/// The steps, in Keystone's order.
pub const STEPS: &[Step] =
    &[(always, identity_is_there), (always, names_are_there), (always, methods_are_there), (always, domains_are_there)];

/// What Keystone checks in the body of a login only after it has looked up the user.
///
/// # Errors
/// A required field is missing.
pub fn check_login(body: &Value) -> Result<(), (Code, Pointer, String)> {
    type Check = fn(&Value) -> Result<(), Rejection>;
    const CHECKS: [Check; 4] = [credentials_are_named, scope_is_one, trust_is_named, users_are_there];
    let checked = CHECKS.iter().try_for_each(|check| check(body));
    checked.map_err(|Rejection { code, at, message, .. }| (code, at, message))
}

fn always() -> Versions {
    Versions::ALL
}

/// The refusal of a body in which something is missing.
pub fn expecting(key: &str, target: &str, at: Pointer) -> Rejection {
    let message = format!(
        "Expecting to find {key} in {target}. The server could not comply with the request since it is either malformed or \
         otherwise incorrect. The client is assumed to be in error."
    );
    Rejection::bad_request(Code::Missing, at, message)
}

fn identity_is_there(body: &Value) -> Result<(), Rejection> {
    match body.get("auth") {
        None | Some(Value::Null) => Err(expecting("auth", "request body", Pointer::default())),
        Some(auth) if auth.get("identity").is_none() => {
            Err(expecting("identity", "auth", Pointer::default().key("auth")))
        }
        Some(_) => Ok(()),
    }
}

/// Users, projects and domains are named by id or by name, whatever the methods are.
fn names_are_there(body: &Value) -> Result<(), Rejection> {
    const PLACES: [&str; 5] = [
        "identity/password/user",
        "identity/password/user/domain",
        "scope/project",
        "scope/project/domain",
        "scope/domain",
    ];
    for place in PLACES {
        let named = body.pointer(&format!("/auth/{place}")).and_then(Value::as_object);
        if named.is_some_and(|object| !object.contains_key("id") && !object.contains_key("name")) {
            let at = place.split('/').fold(Pointer::default().key("auth"), |at, key| at.key(key));
            let message = format!("Invalid input for field {place}: id or name must be present.");
            return Err(Rejection::bad_request(Code::Missing, at, message));
        }
    }
    Ok(())
}

/// Each method that is named has its own section.
fn methods_are_there(body: &Value) -> Result<(), Rejection> {
    let Some(identity) = body.get("auth").and_then(|auth| auth.get("identity")) else { return Ok(()) };
    let methods = identity.list("methods").iter().filter_map(Value::as_str);
    match methods.into_iter().find(|method| identity.get(method).is_none()) {
        Some(method) => Err(expecting(method, "identity", Pointer::default().key("auth").key("identity"))),
        None => Ok(()),
    }
}

fn part<'b>(body: &'b Value, place: &str) -> Option<&'b Value> {
    body.pointer(&format!("/auth/{place}"))
}

fn at(place: &str) -> Pointer {
    place.split('/').fold(Pointer::default().key("auth"), |at, key| at.key(key))
}

/// Is it the login with an application credential?
fn is_by_credential(body: &Value) -> bool {
    let methods = part(body, "identity/methods").and_then(Value::as_array);
    methods.is_some_and(|methods| methods.iter().any(|method| method == "application_credential"))
}

/// An application credential goes by its id, or by its name and its user.
fn credentials_are_named(body: &Value) -> Result<(), Rejection> {
    const PLACE: &str = "identity/application_credential";
    let Some(own) = part(body, PLACE).filter(|_| is_by_credential(body)) else { return Ok(()) };
    let has = |key: &str| own.get(key).is_some_and(|value| value.as_str() != Some("") && !value.is_null());
    match (has("id"), has("name"), own.get("user").is_some()) {
        (true, ..) | (_, true, true) => Ok(()),
        (_, true, false) => Err(expecting("user", "application credential", at(PLACE).key("user"))),
        _ => Err(expecting("name or ID", "application credential", at(PLACE))),
    }
}

/// A scope is one thing. Keystone looks for the names in whatever the scope is, a text too.
fn scope_is_one(body: &Value) -> Result<(), Rejection> {
    const SCOPES: [&str; 5] = ["project", "domain", "unscoped", "system", "OS-TRUST:trust"];
    let Some(scope) = part(body, "scope").filter(|_| !is_by_credential(body)) else { return Ok(()) };
    let is_named = |name: &&&str| match scope {
        Value::String(text) => text.contains(**name),
        other => other.get(**name).is_some(),
    };
    match SCOPES.iter().filter(is_named).count() {
        1 => Ok(()),
        _ => Err(expecting("system, project, domain, OS-TRUST:trust or unscoped", "scope", at("scope"))),
    }
}

fn trust_is_named(body: &Value) -> Result<(), Rejection> {
    match part(body, "scope/OS-TRUST:trust") {
        Some(trust) if trust.get("id").is_none() => {
            Err(expecting("trust_id", "trust", at("scope/OS-TRUST:trust").key("id")))
        }
        _ => Ok(()),
    }
}

/// The method reads its section before it has its name.
fn users_are_there(body: &Value) -> Result<(), Rejection> {
    let methods = part(body, "identity/methods").and_then(Value::as_array).into_iter().flatten();
    let is_wanted = methods.filter_map(Value::as_str).any(|method| method == "password");
    match part(body, "identity/password") {
        Some(own) if is_wanted && own.get("user").is_none() => {
            Err(expecting("user", "None", at("identity/password").key("user")))
        }
        _ => Ok(()),
    }
}

/// A name alone names nobody: projects and users go by name within a domain. The scope is looked at first.
fn domains_are_there(body: &Value) -> Result<(), Rejection> {
    const PLACES: [[&str; 3]; 3] = [
        ["scope", "project", "project"],
        ["identity", "password/user", "user"],
        ["identity", "application_credential/user", "user"],
    ];
    for [part, place, target] in PLACES {
        let named = body.pointer(&format!("/auth/{part}/{place}")).and_then(Value::as_object);
        // A credential that goes by its id needs no user.
        let is_needed = place.split('/').next() != Some("application_credential")
            || body.pointer("/auth/identity/application_credential/id").is_none();
        let by_name = |object: &Map| match target {
            "project" => object.contains_key("name"),
            _ if place.starts_with("password") => object.contains_key("name"),
            _ => !object.contains_key("id"),
        };
        if is_needed && named.is_some_and(|object| by_name(object) && !object.contains_key("domain")) {
            let keys = [part].into_iter().chain(place.split('/'));
            let at = keys.fold(Pointer::default().key("auth"), |at, key| at.key(key)).key("domain");
            return Err(expecting("domain", target, at));
        }
    }
    Ok(())
}
