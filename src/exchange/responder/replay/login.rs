//! The logins of a recording, and the tokens of its replay: each login gets a new one, for as long as the recorded one lived.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::base::json::Value;
use crate::cloud::{Caller, Domain, Project, Token, Tokens};

/// How long a token lives whose recorded one does not say when it ends.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// A recorded login.
#[derive(Clone, Debug)]
pub struct Login {
    /// The placeholder of its token.
    pub placeholder: String,
    /// The id and the name of who logged in.
    pub user: Option<(String, String)>,
    /// Where; `None`: the token is unscoped.
    pub project: Option<Project>,
    /// The names of the roles there.
    pub roles: Vec<String>,
    /// The domain of the user, which Keystone's v2.0 does not show.
    pub domain: Option<Domain>,
    /// The region of the first endpoint of the catalog.
    pub region: Option<String>,
    /// When it was asked.
    pub time: Timestamp,
    /// When its token ends.
    pub expires: Option<Timestamp>,
    /// When it was issued.
    pub issued: Option<Timestamp>,
}

impl Login {
    /// The login that `body` is the answer to, of either version of Keystone; `header` holds the token of v3.
    pub fn of(header: Option<&str>, body: &Value, time: Timestamp) -> Option<Login> {
        let is_v3 = body.get("token").is_some();
        let at = |v3: &str, v2: &str| body.pointer(if is_v3 { v3 } else { v2 });
        let text = |v3: &str, v2: &str| at(v3, v2).and_then(Value::as_str).map(str::to_owned);
        let instant = |v3: &str, v2: &str| at(v3, v2).and_then(Value::as_str)?.parse().ok();
        let named = |id: Option<String>, name: Option<String>| id.zip(name);
        let user = named(text("/token/user/id", "/access/user/id"), text("/token/user/name", "/access/user/name"));
        let project = named(
            text("/token/project/id", "/access/token/tenant/id"),
            text("/token/project/name", "/access/token/tenant/name"),
        );
        let domain = named(text("/token/user/domain/id", ""), text("/token/user/domain/name", ""));
        let roles = at("/token/roles", "/access/user/roles").and_then(Value::as_array).into_iter().flatten();
        Some(Login {
            placeholder: if is_v3 { header?.to_owned() } else { text("", "/access/token/id")? },
            user,
            project: project.map(|(id, name)| Project { id, name }),
            roles: roles.filter_map(|role| Some(role.get("name")?.as_str()?.to_owned())).collect(),
            domain: domain.map(|(id, name)| Domain { id, name }),
            region: text("/token/catalog/0/endpoints/0/region", "/access/serviceCatalog/0/endpoints/0/region"),
            time,
            expires: instant("/token/expires_at", "/access/token/expires"),
            issued: instant("/token/issued_at", "/access/token/issued_at"),
        })
    }

    fn caller(&self) -> Arc<Caller> {
        Arc::new(Caller {
            user: self.user.as_ref().map(|(id, _)| id.clone()).unwrap_or_default(),
            project: self.project.as_ref().map(|project| project.id.clone()),
            project_name: self.project.as_ref().map(|project| project.name.clone()),
            admin: self.roles.iter().any(|role| role == "admin"),
            roles: self.roles.clone(),
            ..Caller::default()
        })
    }
}

/// Puts the ids of users and projects that logged in into `body`, which is that of a login, for their names: it does not count how
/// somebody says who they are. A client says it by what variables it finds.
pub fn put_ids<'l>(body: &mut Value, logins: impl Iterator<Item = &'l Login> + Clone) {
    let user = |name: &str| {
        let users = logins.clone().filter_map(|login| login.user.as_ref());
        users.into_iter().find(|(_, own)| own == name).map(|(id, _)| id.clone())
    };
    let project = |name: &str| {
        let projects = logins.clone().filter_map(|login| login.project.as_ref());
        projects.into_iter().find(|own| own.name == name).map(|own| own.id.clone())
    };
    for method in ["password", "totp"] {
        put_id(body.pointer_mut(&format!("/auth/identity/{method}/user")), ("name", "id"), user);
    }
    put_id(body.pointer_mut("/auth/scope/project"), ("name", "id"), project);
    put_id(body.pointer_mut("/auth"), ("tenantName", "tenantId"), project);
}

/// Puts the id of what `node` names there, in place of the name and its domain.
fn put_id(node: Option<&mut Value>, (name, id): (&str, &str), look_up: impl Fn(&str) -> Option<String>) {
    let Some(map) = node.and_then(Value::as_object_mut) else { return };
    let known = map.get(name).and_then(Value::as_str).and_then(look_up);
    if let Some(known) = known {
        map.insert(id.to_owned(), known.into());
    }
    if map.contains_key(id) {
        map.remove(name);
        map.remove("domain");
    }
}

/// The logins of a recording, and the tokens that were issued for them.
#[derive(Debug)]
pub struct Logins {
    recorded: BTreeMap<u64, Login>,
    tokens: Tokens,
    count: u64,
}

impl Logins {
    /// Those that were `recorded`, by their sequence; none is in use yet.
    pub fn new(recorded: BTreeMap<u64, Login>) -> Logins {
        Logins { recorded, tokens: Tokens::default(), count: 0 }
    }

    /// The owner of the token, if it was issued and has not expired. If nobody logged in during the recording, every token is valid.
    pub fn caller(&self, token: &str, now: Timestamp) -> Option<Arc<Caller>> {
        if self.recorded.is_empty() {
            return Some(Arc::new(Caller { admin: true, ..Caller::default() }));
        }
        self.tokens.get(token).filter(|token| now < token.expires_at).map(|token| Arc::clone(&token.caller))
    }

    /// See [`put_ids`].
    pub fn put_ids(&self, body: &mut Value) {
        put_ids(body, self.recorded.values());
    }

    /// The replacements in the answer to the login `sequence`: a token of today, and times that a client compares
    /// with its clock. Empty if it is not a login.
    pub fn mint(&mut self, sequence: u64, now: Timestamp) -> Vec<(String, String)> {
        let Some(login) = self.recorded.get(&sequence) else { return Vec::new() };
        let shift = now.duration_since(login.time);
        let end = login.expires.and_then(|end| end.checked_add(shift).ok());
        self.count += 1;
        let name = format!("{} {sequence} {now}", self.count);
        let text = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).simple().to_string();
        let token = Token {
            caller: login.caller(),
            methods: Vec::new(),
            application_credential: None,
            issued_at: now,
            expires_at: end.or_else(|| now.checked_add(LONGEST).ok()).unwrap_or(Timestamp::MAX),
            audit_ids: Vec::new(),
        };
        self.tokens.insert(&text, token, now);
        let mut replaced = vec![(login.placeholder.clone(), text)];
        for time in [login.expires, login.issued].into_iter().flatten() {
            if let Ok(shifted) = time.checked_add(shift) {
                // Keystone writes six digits of a second, v2.0 none.
                replaced.push((format!("{time:.6}"), format!("{shifted:.6}")));
                replaced.push((format!("{time:.0}"), format!("{shifted:.0}")));
            }
        }
        replaced
    }
}
