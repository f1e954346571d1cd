//! The tokens of a replay: each login gets a new one, for as long as the recorded one lived.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::tape::Entry;
use crate::cloud::Caller;

/// What stands for tokens that were not issued in the recording.
const FOREVER: SignedDuration = SignedDuration::from_hours(24);

/// The tokens that were issued.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    issued: BTreeMap<String, (Arc<Caller>, Timestamp)>,
    count: u64,
    /// When each login was recorded, by its sequence.
    pub(super) recorded: BTreeMap<u64, Login>,
}

/// A recorded login.
#[derive(Clone, Debug)]
pub struct Login {
    /// The placeholder of its token.
    pub placeholder: String,
    /// Who logged in.
    pub caller: Arc<Caller>,
    /// When.
    pub time: Timestamp,
    /// When its token ends.
    pub expires: Option<Timestamp>,
    /// When it says that it was issued.
    pub issued: Option<Timestamp>,
}

impl Tokens {
    /// Whose token it is, if it was issued and is not over. Where nobody logged in when it was recorded, every token is good.
    pub fn caller(&self, token: &str, now: Timestamp) -> Option<Arc<Caller>> {
        if self.recorded.is_empty() {
            return Some(Arc::new(Caller { admin: true, ..Caller::default() }));
        }
        self.issued.get(token).filter(|(_, end)| now < *end).map(|(caller, _)| Arc::clone(caller))
    }

    /// What is replaced in the answer of `entry`, and by what: a token of today, and times that a client compares with its clock.
    pub fn mint(&mut self, entry: &Entry, now: Timestamp) -> Vec<(String, String)> {
        let Some(login) = self.recorded.get(&entry.sequence).cloned() else { return Vec::new() };
        let shift = now.duration_since(login.time);
        let end = login.expires.and_then(|end| end.checked_add(shift).ok());
        let end = end.or_else(|| now.checked_add(FOREVER).ok()).unwrap_or(Timestamp::MAX);
        self.count += 1;
        let name = format!("{} {} {now}", self.count, entry.sequence);
        let token = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).simple().to_string();
        self.issued.retain(|_, (_, end)| now < *end);
        self.issued.insert(token.clone(), (login.caller, end));
        let mut replaced = vec![(login.placeholder, token)];
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

/// The login that `body` is the answer to, with `header` for its token.
pub fn login(header: Option<&str>, body: &Value, time: Timestamp) -> Option<Login> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let instant = |value: Option<&Value>| value.and_then(Value::as_str)?.parse().ok();
    let of = |user: Option<&Value>, project: Option<&Value>, roles: Option<&Value>| {
        let roles: Vec<String> =
            roles.and_then(Value::as_array).into_iter().flatten().filter_map(|role| text(role.get("name"))).collect();
        Arc::new(Caller {
            user: text(user.and_then(|user| user.get("id"))).unwrap_or_default(),
            project: text(project.and_then(|project| project.get("id"))),
            project_name: text(project.and_then(|project| project.get("name"))),
            admin: roles.iter().any(|role| role == "admin"),
            roles,
        })
    };
    if let Some(token) = body.get("token") {
        return Some(Login {
            placeholder: header?.to_owned(),
            caller: of(token.get("user"), token.get("project"), token.get("roles")),
            time,
            expires: instant(token.get("expires_at")),
            issued: instant(token.get("issued_at")),
        });
    }
    let access = body.get("access")?;
    let token = access.get("token")?;
    Some(Login {
        placeholder: text(token.get("id"))?,
        caller: of(access.get("user"), token.get("tenant"), access.pointer("/user/roles")),
        time,
        expires: instant(token.get("expires")),
        issued: instant(token.get("issued_at")),
    })
}
