//! Keystone v3's authentication: credentials and a scope in, a token out.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::base::json::Value;
use crate::cloud::store::{ApplicationCredential, Caller, Cloud, Fault, Fixture, Project, Token, User};
use crate::contract::TokenForm;

/// A user who has proved who it is, and how.
struct Proved<'f> {
    user: &'f User,
    project: Option<&'f Project>,
    methods: Vec<String>,
    application_credential: Option<&'f ApplicationCredential>,
}

/// Checks `auth` (the value below `"auth"`) and issues a token of that form: its text.
///
/// # Errors
/// 401 for any error, as Keystone does not say what is wrong.
pub fn authenticate(cloud: &mut Cloud, form: TokenForm, auth: &Value) -> Result<String, Fault> {
    let fixture = cloud.fixture.clone();
    let proved = prove(cloud, &fixture, &auth["identity"]).ok_or_else(Fault::unauthorized)?;
    let caller = scope(&fixture, &proved, auth.get("scope")).ok_or_else(Fault::unauthorized)?;
    let now = cloud.clock.now();
    let lifetime = SignedDuration::from_secs(i64::try_from(fixture.token_lifetime).unwrap_or(i64::MAX));
    let application_credential = proved.application_credential.map(|credential| credential.id.clone());
    let methods = proved.methods;
    let audit_id = cloud.ids.text(URL_SAFE, 22);
    let expires_at = cloud.clock.expiry(lifetime);
    let token =
        Token { caller: Arc::new(caller), methods, application_credential, issued_at: now, expires_at, audit_id };
    let text = match form {
        TokenForm::Uuid => cloud.ids.uuid().simple().to_string(),
        TokenForm::Fernet => format!("gAAAAA{}", cloud.ids.text(URL_SAFE, 177)),
    };
    cloud.tokens.insert(&text, token, now);
    Ok(text)
}

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn prove<'f>(cloud: &Cloud, fixture: &'f Fixture, identity: &Value) -> Option<Proved<'f>> {
    let methods: Vec<String> =
        identity.get("methods")?.as_array()?.iter().filter_map(|m| m.as_str().map(str::to_owned)).collect();
    let mut proved: Option<Proved<'f>> = None;
    for method in &methods {
        let section = identity.get(method)?;
        let next = match method.as_str() {
            "password" => by_password(fixture, section.get("user")?),
            "token" => by_token(cloud, fixture, section),
            "application_credential" => by_application_credential(fixture, section),
            _ => None,
        }?;
        if proved.as_ref().is_some_and(|before| before.user.id != next.user.id) {
            return None;
        }
        proved = Some(next);
    }
    proved.map(|proved| Proved { methods, ..proved })
}

fn by_password<'f>(fixture: &'f Fixture, claim: &Value) -> Option<Proved<'f>> {
    let user = find_user(fixture, claim)?;
    (claim.get("password")?.as_str()? == user.password).then_some(plain(user))
}

fn plain(user: &User) -> Proved<'_> {
    Proved { user, project: None, methods: Vec::new(), application_credential: None }
}

fn by_token<'f>(cloud: &Cloud, fixture: &'f Fixture, section: &Value) -> Option<Proved<'f>> {
    let token = cloud.token(section.get("id")?.as_str()?)?;
    fixture.users.iter().find(|user| user.id == token.caller.user).map(plain)
}

fn by_application_credential<'f>(fixture: &'f Fixture, section: &Value) -> Option<Proved<'f>> {
    let word = |key: &str| section.get(key).and_then(Value::as_str);
    let credential = fixture.application_credentials.iter().find(|credential| match word("id") {
        Some(id) => credential.id == id,
        None => {
            let user = section.get("user").and_then(|claim| find_user(fixture, claim));
            word("name") == Some(&credential.name) && user.is_some_and(|user| user.id == credential.user)
        }
    })?;
    if word("secret") != Some(&credential.secret) {
        return None;
    }
    let user = fixture.users.iter().find(|user| user.id == credential.user)?;
    let project = fixture.projects.iter().find(|project| project.id == credential.project);
    Some(Proved { project, application_credential: Some(credential), ..plain(user) })
}

fn find_user<'f>(fixture: &'f Fixture, claim: &Value) -> Option<&'f User> {
    let word = |key: &str| claim.get(key).and_then(Value::as_str);
    fixture.users.iter().find(|user| match word("id") {
        Some(id) => user.id == id,
        None => word("name") == Some(&user.name) && is_the_domain(fixture, claim.get("domain")),
    })
}

/// Every user and project is in the one domain of the fixture.
fn is_the_domain(fixture: &Fixture, claim: Option<&Value>) -> bool {
    let word = |key: &str| claim.and_then(|claim| claim.get(key)).and_then(Value::as_str);
    match (word("id"), word("name")) {
        (Some(id), _) => id == fixture.domain.id,
        (None, Some(name)) => name.eq_ignore_ascii_case(&fixture.domain.name),
        (None, None) => false,
    }
}

fn scope(fixture: &Fixture, proved: &Proved<'_>, scope: Option<&Value>) -> Option<Caller> {
    if let Some(project) = proved.project {
        let roles = proved.application_credential.map_or(&[][..], |credential| &credential.roles);
        return Caller::scoped(proved.user, project).map(|caller| caller.with_only(roles));
    }
    let has = |key: &str| scope.is_some_and(|scope| scope.get(key).is_some());
    let Some(claim) = scope.and_then(|scope| scope.get("project")) else {
        // Roles beyond a project are administrators' alone, and there are no trusts.
        let is_admin = proved.user.roles.values().flatten().any(|role| role == "admin");
        let may = !has("OS-TRUST:trust") && (is_admin || !(has("system") || has("domain")));
        return may.then(|| Caller::unscoped(proved.user));
    };
    let word = |key: &str| claim.get(key).and_then(Value::as_str);
    let project = fixture.projects.iter().find(|project| match word("id") {
        Some(id) => project.id == id,
        None => word("name") == Some(&project.name) && is_the_domain(fixture, claim.get("domain")),
    })?;
    Caller::scoped(proved.user, project)
}
