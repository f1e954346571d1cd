//! Tokens and tenants of Keystone's v2.0.

use super::catalog::{endpoint_url, endpoints, entries, refresh, services};
use super::directory::is_enabled;
use crate::base::json::{Map, Value, json};

use super::credentials::authenticate;
use crate::cloud::store::{Cloud, Collection, Fault, Resource, Target, Token, stable_id, stored_time, whole_seconds};
use crate::cloud::verb::{Answer, Ask};

/// A new token.
pub fn issue(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = authenticate(cloud, ask.token_form(), &as_v3(&cloud.fixture.domain.id, &ask.body["auth"]))?;
    refresh(cloud, ask);
    let access = cloud.tokens.get(&text).map(|token| access(cloud, ask, &text, token));
    ask.answer(access.map(|access| json!({"access": access})))
}

/// Shows the token in the path.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let text = ask.id();
    refresh(cloud, ask);
    let token = cloud.token(text).ok_or_else(|| Fault::not_found("Could not find token."))?;
    let access = access(cloud, ask, text, token);
    ask.answer(Some(json!({"access": access})))
}

/// The tenants in which the user of the token has a role.
pub fn tenants(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let user = ask.asking_user();
    let projects = cloud.collections.get("projects").into_iter().flat_map(Collection::iter);
    let own = projects.filter(|project| {
        is_enabled(project) && !cloud.roles_at(user, &Target::Project(project.id.clone())).is_empty()
    });
    let tenants: Value = own.map(tenant).collect();
    ask.answer(Some(json!({"tenants": tenants})))
}

fn tenant(project: &Resource) -> Value {
    json!({"id": project.id, "name": project.text("name")})
}

/// The same credentials and scope as v3 has them. Every user and tenant of v2.0 is in the default domain.
fn as_v3(domain: &str, auth: &Value) -> Value {
    let domain = json!({"id": domain});
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

fn access(cloud: &Cloud, ask: &Ask<'_>, text: &str, token: &Token) -> Value {
    let caller = &token.caller;
    let name = cloud.known("users", &caller.user).map_or("", |user| user.text("name"));
    let project = caller.project.as_deref().and_then(|id| cloud.known("projects", id));
    let roles: Vec<Value> = caller.roles.iter().map(|role| json!({"name": role})).collect();
    let ids: Vec<&str> =
        caller.roles.iter().filter_map(|role| cloud.role_by_name(role)).map(|role| role.id.as_str()).collect();
    let mut about = Map::new();
    about.insert("issued_at", json!(stored_time(token.issued_at)));
    about.insert("expires", json!(whole_seconds(token.expires_at)));
    about.insert("id", json!(text));
    about.extend(project.map(|project| ("tenant".to_owned(), tenant(project))));
    let catalog = project.map_or_else(|| json!([]), |project| catalog(cloud, ask, &project.id));
    json!({
        "token": about,
        "serviceCatalog": catalog,
        "user": {"username": name, "id": caller.user, "roles": roles, "name": name},
        "metadata": {"is_admin": 0, "roles": ids},
    })
}

/// The catalog: an entry a service and region, with a URL for each interface.
fn catalog(cloud: &Cloud, ask: &Ask<'_>, project: &str) -> Value {
    services(cloud).into_iter().map(|service| entry(cloud, ask, service, project)).collect()
}

fn entry(cloud: &Cloud, ask: &Ask<'_>, service: &Resource, project: &str) -> Value {
    let kind = service.text("type");
    // Keystone's own entry leads to this version.
    let own = entries(std::iter::once(ask.service)).into_iter().find(|entry| entry.kind == kind);
    let mut regions: Vec<(String, Map)> = Vec::new();
    for endpoint in endpoints(cloud, service, Some(project)) {
        let region = endpoint.text("region");
        let interface = endpoint.text("interface");
        let url = own.map_or_else(|| endpoint["url"].clone(), |own| json!(endpoint_url(own, project)));
        if !regions.iter().any(|(known, _)| known == region) {
            let id = stable_id(&format!("endpoints {kind}"));
            let urls = [("region", json!(region)), ("id", json!(id)), ("publicURL", json!(""))];
            regions.push((region.to_owned(), Map::from_iter(urls)));
        }
        if let Some((_, urls)) = regions.iter_mut().find(|(known, _)| known == region) {
            urls.insert(format!("{interface}URL"), url);
        }
    }
    let endpoints: Value = regions.into_iter().map(|(_, urls)| Value::Object(urls)).collect();
    json!({"endpoints": endpoints, "type": kind, "name": service.text("name")})
}
