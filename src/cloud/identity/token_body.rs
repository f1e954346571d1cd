//! The body of a token.

use super::catalog::catalog;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Token, keystone_time};

/// The body of the token: a superset that the contract projects.
pub fn token_body(cloud: &Cloud, token: &Token) -> Value {
    let caller = &token.caller;
    let mut body = Map::new();
    body.insert("methods", json!(token.methods));
    if let Some(user) = cloud.known("users", &caller.user) {
        let (id, name) = (&user.id, user.text("name"));
        let domain = named(cloud, "domains", user.text("domain_id"));
        body.insert("user", json!({"domain": domain, "id": id, "name": name, "password_expires_at": null}));
    }
    body.insert("audit_ids", json!(token.audit_ids));
    body.insert("expires_at", keystone_time(token.expires_at).into());
    body.insert("issued_at", keystone_time(token.issued_at).into());
    if let Some(project) = caller.project.as_deref().and_then(|id| cloud.known("projects", id)) {
        let (id, name) = (&project.id, project.text("name"));
        let domain = named(cloud, "domains", project.text("domain_id"));
        body.insert("project", json!({"domain": domain, "id": id, "name": name}));
        body.insert("is_domain", Value::Bool(false));
    }
    if let Some(domain) = &caller.domain {
        body.insert("domain", named(cloud, "domains", domain));
    }
    if caller.system {
        body.insert("system", json!({"all": true}));
    }
    if !caller.roles.is_empty() {
        let roles = caller.roles.iter().filter_map(|name| cloud.role_by_name(name));
        body.insert("roles", roles.map(|role| json!({"id": role.id, "name": role.text("name")})).collect());
        body.insert("catalog", catalog(cloud, caller.project.as_deref()));
    }
    if let Some(id) = &token.application_credential {
        let credential = cloud.known("application_credentials", &format!("{}/{id}", caller.user));
        let name = credential.map_or("", |credential| credential.text("name"));
        let is_free = credential.is_some_and(|own| own.body.get("unrestricted") == Some(&Value::Bool(true)));
        body.insert("application_credential", json!({"id": id, "name": name, "restricted": !is_free}));
    }
    json!({"token": body})
}

/// The id and the name of something.
fn named(cloud: &Cloud, collection: &str, id: &str) -> Value {
    let name = cloud.known(collection, id).map_or("", |own| own.text("name"));
    json!({"id": id, "name": name})
}
