//! Keystone v3's authentication: credentials and a scope in, a token out. Source: keystone/auth/core.py.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::directory::{ROLE_NAMES, texts, word};
use super::roles::{default_target, target_of};
use crate::base::json::Value;
use crate::cloud::store::{Caller, Cloud, Collection, Fault, Reason, Resource, Target, Token, UNAUTHORIZED};
use crate::cloud::verb::instant;
use crate::contract::{Code, TokenForm};

/// A user who has proved who it is, and how.
struct Proved<'c> {
    user: &'c Resource,
    methods: Vec<String>,
    /// The application credential that was used.
    credential: Option<&'c Resource>,
    /// A token that is exchanged for another does not live longer by that.
    until: Option<Timestamp>,
    /// The audit id that such a token has last.
    parent: Option<String>,
}

/// Checks `auth` (the value below `"auth"`) and issues a token of that form: its text.
///
/// # Errors
/// 401 for almost any error, as Keystone does not say what is wrong.
pub fn authenticate(cloud: &mut Cloud, form: TokenForm, auth: &Value) -> Result<String, Fault> {
    let now = cloud.clock.now();
    let lifetime = SignedDuration::from_secs(i64::try_from(cloud.fixture.token_lifetime).unwrap_or(i64::MAX));
    let target = wanted(cloud, auth)?;
    let proved = prove(cloud, form, &auth["identity"])?;
    let caller = enter(cloud, &proved, auth, target).ok_or_else(Fault::unauthorized)?;
    let expires_at = proved.until.unwrap_or_else(|| cloud.clock.expiry(lifetime));
    let application_credential = proved.credential.map(|credential| credential.text("id").to_owned());
    let mut methods = proved.methods;
    methods.sort_by_key(|own| METHODS.iter().position(|known| known == own));
    let parent = proved.parent;
    let audit_ids = std::iter::once(cloud.ids.text(URL_SAFE, 22)).chain(parent).collect();
    let token =
        Token { caller: Arc::new(caller), methods, application_credential, issued_at: now, expires_at, audit_ids };
    let text = match form {
        TokenForm::Uuid => cloud.ids.uuid().simple().to_string(),
        TokenForm::Fernet => format!("gAAAAA{}", cloud.ids.text(URL_SAFE, 177)),
    };
    let text = cloud.seal.map_or(text.clone(), |seal| seal.on(&text));
    cloud.tokens.insert(&text, token, now);
    Ok(text)
}

const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The methods that Keystone knows, in the order in which it lists them.
const METHODS: &[&str] =
    &["external", "password", "token", "oauth1", "mapped", "application_credential", "ec2credential"];

/// The place that the login asks for, before anybody has proved anything; `None`: it names none.
fn wanted(cloud: &Cloud, auth: &Value) -> Result<Option<Target>, Fault> {
    let methods = texts(auth["identity"].list("methods"));
    if methods.iter().any(|method| !METHODS.contains(&method.as_str())) {
        let message = "Attempted to authenticate with an unsupported method.";
        return Err(Fault::new(Code::Token, 401, message).because(Reason::Login { methods: METHODS }));
    }
    let scope = auth.get("scope");
    if methods.iter().any(|method| method == "application_credential") {
        if scope.is_some() {
            let why = "Application credentials cannot request a scope.";
            let message = format!("Error authenticating with application credential: {why}");
            return Err(Fault::new(Code::Token, 401, message).because(Reason::Login { methods: &[] }));
        }
        let section = &auth["identity"]["application_credential"];
        return credential_of(cloud, section)
            .map(|credential| Some(Target::Project(credential.text("project_id").to_owned())));
    }
    match scope.filter(|scope| !is_unscoped(scope)) {
        None => Ok(None),
        Some(scope) => target_of(cloud, scope).map(Some).ok_or_else(Fault::unauthorized),
    }
}

/// `"unscoped"` or `{"unscoped": {}}`: not even the user's default project.
fn is_unscoped(scope: &Value) -> bool {
    scope.as_str().is_some_and(|text| text.contains("unscoped")) || scope.get("unscoped").is_some()
}

fn prove<'c>(cloud: &'c Cloud, form: TokenForm, identity: &Value) -> Result<Proved<'c>, Fault> {
    let mut proved: Option<Proved<'c>> = None;
    for method in texts(identity.list("methods")) {
        let section = &identity[method.as_str()];
        let next = match method.as_str() {
            "password" => by_password(cloud, section),
            "token" => by_token(cloud, form, section),
            "application_credential" => by_application_credential(cloud, section),
            _ => Err(Fault::unauthorized()),
        }?;
        let before = proved.map_or_else(Vec::new, |before| before.methods);
        let mut methods = next.methods.clone();
        methods.extend(before.into_iter().filter(|own| !next.methods.contains(own)));
        proved = Some(Proved { methods, ..next });
    }
    proved.ok_or_else(Fault::unauthorized)
}

fn by_password<'c>(cloud: &'c Cloud, section: &Value) -> Result<Proved<'c>, Fault> {
    let user = section.get("user").and_then(|claim| cloud.account_of_claim("users", claim));
    let password = section.get("user").and_then(|claim| word(claim, "password"));
    let user = user.filter(|user| password.is_some() && user.body.get("password").and_then(Value::as_str) == password);
    user.map(|user| plain(user, &["password"])).ok_or_else(Fault::unauthorized)
}

fn plain<'c>(user: &'c Resource, methods: &[&str]) -> Proved<'c> {
    Proved {
        user,
        methods: methods.iter().map(|own| (*own).to_owned()).collect(),
        credential: None,
        until: None,
        parent: None,
    }
}

fn by_token<'c>(cloud: &'c Cloud, form: TokenForm, section: &Value) -> Result<Proved<'c>, Fault> {
    word(section, "id").map_or(Ok(()), |text| form.recognize(text)).map_err(Fault::not_found)?;
    let token = word(section, "id").and_then(|text| cloud.token(text)).ok_or_else(Fault::unauthorized)?;
    if token.application_credential.is_some() {
        let why = "Using a delegated token to create another token is not allowed.";
        let message = format!("You are not authorized to perform the requested action: {why}.");
        return Err(Fault::new(Code::Policy, 403, message));
    }
    let user = cloud.known("users", &token.caller.user).ok_or_else(Fault::unauthorized)?;
    let mut methods = vec!["token".to_owned()];
    methods.extend(token.methods.iter().filter(|own| *own != "token").cloned());
    let parent = token.audit_ids.last().cloned();
    Ok(Proved { methods, until: Some(token.expires_at), parent, ..plain(user, &[]) })
}

/// The application credential that a login names by id, or by name and user.
fn credential_of<'c>(cloud: &'c Cloud, section: &Value) -> Result<&'c Resource, Fault> {
    let mut all = cloud.collections.get("application_credentials").into_iter().flat_map(Collection::iter);
    if let Some(id) = word(section, "id") {
        let missing = || Fault::not_found(format!("Could not find Application Credential: {id}."));
        return all.find(|credential| credential.text("id") == id).ok_or_else(missing);
    }
    let user = section.get("user").and_then(|claim| cloud.account_of_claim("users", claim));
    let user = user.ok_or_else(Fault::unauthorized)?;
    let is_it = |own: &&Resource| Some(own.text("name")) == word(section, "name") && own.text("user_id") == user.id;
    all.find(is_it).ok_or_else(|| Fault::new(Code::Token, 401, UNAUTHORIZED))
}

fn by_application_credential<'c>(cloud: &'c Cloud, section: &Value) -> Result<Proved<'c>, Fault> {
    let credential = credential_of(cloud, section)?;
    let user = cloud.account_of_claim("users", &crate::base::json::json!({"id": credential.text("user_id")}));
    let end = instant(credential.text("expires_at"));
    let is_over = end.is_some_and(|end| end <= cloud.clock.now());
    let secret = Some(credential.text("secret"));
    match user.filter(|_| word(section, "secret") == secret && !is_over) {
        Some(user) => Ok(Proved { credential: Some(credential), ..plain(user, &["application_credential"]) }),
        None => Err(Fault::unauthorized()),
    }
}

/// Who the user is where the login leads.
fn enter(cloud: &Cloud, proved: &Proved<'_>, auth: &Value, target: Option<Target>) -> Option<Caller> {
    let user = &proved.user.id;
    if let Some(credential) = proved.credential {
        let roles = texts(credential.body.list(ROLE_NAMES));
        return cloud
            .enter(user, target.as_ref())
            .map(|caller| caller.with_only(&roles))
            .filter(|own| !own.roles.is_empty());
    }
    let usual = default_target(proved.user).filter(|_| auth.get("scope").is_none());
    match (target, usual) {
        (None, Some(usual)) => cloud.enter(user, Some(&usual)).or_else(|| cloud.enter(user, None)),
        (target, _) => cloud.enter(user, target.as_ref()),
    }
}
