//! Tokens and tenants of Keystone's v2.0.

use super::catalog::{endpoint_url, entries};
use crate::base::json::{Map, Value, json};

use super::credentials::authenticate;
use crate::cloud::store::{Cloud, Fault, Fixture, Project, Token, stable_id, stored_time, whole_seconds};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::{CatalogEntry, Service};

/// A new token.
pub fn issue(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = authenticate(cloud, ask.token_form(), &as_v3(&cloud.fixture, &ask.body["auth"]))?;
    let access = cloud.tokens.get(&text).map(|token| access(ask, &cloud.fixture, &text, token));
    ask.answer(access.map(|access| json!({"access": access})))
}

/// Shows the token in the path.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = ask.id();
    let token = cloud.token(text).ok_or_else(|| Fault::not_found("Could not find token."))?;
    let access = access(ask, &cloud.fixture, text, token);
    ask.answer(Some(json!({"access": access})))
}

/// The tenants in which the user of the token has a role.
pub fn tenants(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let user = ask.caller.and_then(|caller| cloud.fixture.users.iter().find(|user| user.id == caller.user));
    let projects =
        cloud.fixture.projects.iter().filter(|project| user.is_some_and(|user| user.roles.contains_key(&project.id)));
    let tenants: Value = projects.map(tenant).collect();
    ask.answer(Some(json!({"tenants": tenants})))
}

fn tenant(project: &Project) -> Value {
    json!({"id": project.id, "name": project.name})
}

/// The same credentials and scope as v3 has them. Every user and tenant of v2.0 is in the default domain.
fn as_v3(fixture: &Fixture, auth: &Value) -> Value {
    let domain = json!({"id": fixture.domain.id});
    let named = |section: &Value, id: &str, name: &str| {
        let given =
            |key: &str| section.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        match (given(id), given(name)) {
            (Some(id), _) => Some(json!({"id": id})),
            (None, Some(name)) => Some(json!({"name": name, "domain": domain})),
            (None, None) => None,
        }
    };
    let credentials = &auth["passwordCredentials"];
    let identity = match auth.get("token") {
        Some(token) => json!({"methods": ["token"], "token": {"id": token["id"]}}),
        None => {
            let mut user = named(credentials, "userId", "username").unwrap_or_else(|| json!({}));
            user["password"] = credentials["password"].clone();
            json!({"methods": ["password"], "password": {"user": user}})
        }
    };
    match named(auth, "tenantId", "tenantName") {
        Some(project) => json!({"identity": identity, "scope": {"project": project}}),
        None => json!({"identity": identity}),
    }
}

fn access(ask: &Ask<'_>, fixture: &Fixture, text: &str, token: &Token) -> Value {
    let caller = &token.caller;
    let name = fixture.users.iter().find(|user| user.id == caller.user).map_or("", |user| &user.name);
    let project = fixture.projects.iter().find(|project| Some(&project.id) == caller.project.as_ref());
    let roles: Vec<Value> = caller.roles.iter().map(|role| json!({"name": role})).collect();
    let ids: Vec<String> = caller.roles.iter().map(|role| fixture.role_id(role)).collect();
    let mut about = Map::new();
    about.insert("issued_at", json!(stored_time(token.issued_at)));
    about.insert("expires", json!(whole_seconds(token.expires_at)));
    about.insert("id", json!(text));
    about.extend(project.map(|project| ("tenant".to_owned(), tenant(project))));
    let catalog = project.map_or_else(|| json!([]), |project| catalog(ask, fixture, &project.id));
    json!({
        "token": about,
        "serviceCatalog": catalog,
        "user": {"username": name, "id": caller.user, "roles": roles, "name": name},
        "metadata": {"is_admin": 0, "roles": ids},
    })
}

/// The catalog; Keystone's own entry leads to this version.
fn catalog(ask: &Ask<'_>, fixture: &Fixture, project: &str) -> Value {
    let living = || ask.contracts.living().map(|contract| &contract.service);
    let own = living().filter(|service| service.name == ask.service.name);
    let others: Vec<&Service> = living().filter(|service| service.name != ask.service.name).collect();
    entries(own.chain(others)).into_iter().map(|entry| service(fixture, entry, project)).collect()
}

fn service(fixture: &Fixture, entry: &CatalogEntry, project: &str) -> Value {
    let url = endpoint_url(entry, project);
    let id = stable_id(&format!("endpoints {}", entry.kind));
    let endpoint = json!({"adminURL": url, "region": fixture.region, "internalURL": url, "id": id, "publicURL": url});
    json!({"endpoints": [endpoint], "type": entry.kind, "name": entry.name})
}
