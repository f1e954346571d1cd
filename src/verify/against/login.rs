//! The login of a run.

use super::cloud::Sent;
use crate::base::Diagnostic;
use crate::base::json::{Map, Value, json};

/// The login of the user that `auth` describes, as the `auth` of a clouds.yaml does; `identity` is the URL of the identity service, or its path,
/// with a version or without: the login is always one of Keystone's v3.
///
/// # Errors
/// There are no credentials.
pub fn login(identity: &str, auth: &Map) -> Result<Sent, Diagnostic> {
    let root = identity.trim_end_matches('/').trim_end_matches("/v2.0");
    let version = if root.ends_with("/v3") { "" } else { "/v3" };
    let text = |key: &str| auth.get(key).and_then(Value::as_str);
    let domain = |of: &str| match (text(&format!("{of}_domain_id")), text(&format!("{of}_domain_name"))) {
        (Some(id), _) => json!({"id": id}),
        (None, Some(name)) => json!({"name": name}),
        (None, None) => json!({"id": text("default_domain").unwrap_or("default")}),
    };
    let named = |of: &str, id: Option<&str>, name: Option<&str>| match (id, name) {
        (Some(id), _) => Some(json!({"id": id})),
        (None, Some(name)) => Some(json!({"name": name, "domain": domain(of)})),
        (None, None) => None,
    };
    let user = named("user", text("user_id"), text("username"));
    let project =
        named("project", text("project_id").or(text("tenant_id")), text("project_name").or(text("tenant_name")));
    let identity = if let Some(secret) = text("application_credential_secret") {
        let own = match (text("application_credential_id"), text("application_credential_name")) {
            (Some(id), _) => json!({"id": id, "secret": secret}),
            (None, name) => json!({"name": name, "user": user, "secret": secret}),
        };
        json!({"methods": ["application_credential"], "application_credential": own})
    } else if let Some(token) = text("token") {
        json!({"methods": ["token"], "token": {"id": token}})
    } else if let (Some(mut user), Some(password)) = (user, text("password")) {
        user["password"] = password.into();
        json!({"methods": ["password"], "password": {"user": user}})
    } else {
        return Err(Diagnostic::new("there are no credentials for the cloud").row(
            "fix",
            "choose a cloud in clouds.yaml with --cloud, or set OS_USERNAME, OS_PASSWORD and the other OS_* variables",
        ));
    };
    let mut body = json!({"auth": {"identity": identity}});
    // The scope of an application credential is its own.
    if let Some(project) = project.filter(|_| text("application_credential_secret").is_none()) {
        body["auth"]["scope"] = json!({"project": project});
    }
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Ok(Sent { method: "POST".to_owned(), target: format!("{root}{version}/auth/tokens"), headers, body })
}
