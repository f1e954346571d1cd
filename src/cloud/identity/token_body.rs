//! The body of a token.

use super::catalog::catalog;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Fixture, Token, keystone_time};
use crate::contract::Service;

impl Token {
    /// The body of the token: a superset that the contract projects.
    pub fn body<'s>(&self, fixture: &Fixture, services: impl Iterator<Item = &'s Service>) -> Value {
        let mut body = Map::new();
        body.insert("methods", json!(self.methods));
        if let Some(user) = fixture.users.iter().find(|user| user.id == self.caller.user) {
            let (id, name) = (&user.id, &user.name);
            body.insert(
                "user",
                json!({"domain": domain(fixture), "id": id, "name": name, "password_expires_at": null}),
            );
        }
        body.insert("audit_ids", json!([self.audit_id]));
        body.insert("expires_at", keystone_time(self.expires_at).into());
        body.insert("issued_at", keystone_time(self.issued_at).into());
        if let Some(project) = fixture.projects.iter().find(|p| Some(&p.id) == self.caller.project.as_ref()) {
            let (id, name) = (&project.id, &project.name);
            body.insert("project", json!({"domain": domain(fixture), "id": id, "name": name}));
            body.insert("is_domain", Value::Bool(false));
            let role = |name: &String| json!({"id": fixture.role_id(name), "name": name});
            body.insert("roles", self.caller.roles.iter().map(role).collect());
            body.insert("catalog", catalog(fixture, &project.id, services));
        }
        if let Some(id) = &self.application_credential {
            let credential = fixture.application_credentials.iter().find(|credential| credential.id == *id);
            let (name, free) = credential.map_or(("", false), |credential| (&credential.name, credential.unrestricted));
            body.insert("application_credential", json!({"id": id, "name": name, "restricted": !free}));
        }
        json!({"token": body})
    }
}

fn domain(fixture: &Fixture) -> Value {
    json!({"id": fixture.domain.id, "name": fixture.domain.name})
}
