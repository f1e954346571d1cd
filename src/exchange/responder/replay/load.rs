//! Reads a recording to be replayed.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::key::Key;
use super::tape::{Entry, Tape};
use super::tokens::{Tokens, login};
use crate::base::Diagnostic;
use crate::cloud::{Domain, Fixture, Project, User};
use crate::contract::Contracts;
use crate::exchange::call::Call;
use crate::exchange::judge::judge;
use crate::message::Redactor;
use crate::recording::{Header, Interaction, Reader};
use crate::snapshot::Mask;

/// A recording that was read.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub(super) tape: Tape,
    pub(super) tokens: Tokens,
    /// Its first line.
    pub header: Header,
    /// The answers to its logins.
    pub logins: Vec<Value>,
}

impl Recorded {
    /// Reads the recording at `path`; `contracts` tell what its requests asked, and `masks` what of them does not count.
    ///
    /// # Errors
    /// It cannot be read, or is not whole.
    pub fn read(path: &Path, contracts: &Contracts, masks: &[Mask]) -> Result<Recorded, Diagnostic> {
        let mut reader = Reader::open(path)?;
        let header = reader.header.clone();
        let (mut entries, mut tokens, mut logins) = (Vec::new(), Tokens::default(), Vec::new());
        let redactor = Redactor::default();
        for interaction in reader.by_ref() {
            let interaction = interaction?;
            let entry = entry(contracts, &redactor, &interaction, masks);
            let token =
                interaction.response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("X-Subject-Token"));
            let is_login = interaction.request.method == "POST" && !entry.is_write;
            if let Some(body) = entry.body.as_ref().filter(|_| is_login)
                && let Some(login) = login(token.map(|(_, value)| value.as_str()), body, interaction.time)
            {
                tokens.recorded.insert(entry.sequence, login);
                logins.push(body.clone());
            }
            entries.push(entry);
        }
        match reader.end().cut {
            Some(why) => Err(Diagnostic::new("the recording is not whole, and cannot be replayed")
                .row("where", path.display().to_string())
                .row("because", why)
                .row("fix", "record it again")),
            None => Ok(Recorded { tape: Tape::new(entries), tokens, header, logins }),
        }
    }
}

impl Recorded {
    /// Puts those into `fixture` who logged in when it was recorded, in place of its own users; the password of each is `secret`.
    pub fn seed(&self, fixture: &mut Fixture) {
        let logins: Vec<Seed> = self.logins.iter().filter_map(Seed::of).collect();
        let Some(first) = logins.first() else { return };
        fixture.domain = first.domain.clone().unwrap_or_else(|| fixture.domain.clone());
        fixture.region = first.region.clone().unwrap_or_else(|| fixture.region.clone());
        (fixture.users, fixture.projects) = (Vec::new(), Vec::new());
        for Seed { user, project, roles, .. } in logins {
            if !fixture.projects.contains(&project) {
                fixture.projects.push(project.clone());
            }
            if !fixture.users.iter().any(|own| own.id == user.id) {
                fixture.users.push(user.clone());
            }
            let own = fixture.users.iter_mut().find(|own| own.id == user.id);
            own.into_iter().for_each(|own| drop(own.roles.insert(project.id.clone(), roles.clone())));
        }
    }
}

/// Who logged in, where.
struct Seed {
    user: User,
    project: Project,
    roles: Vec<String>,
    domain: Option<Domain>,
    region: Option<String>,
}

impl Seed {
    /// Out of the answer to a login, of either version of Keystone.
    fn of(body: &Value) -> Option<Seed> {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let at = |pointer: &str| text(body.pointer(pointer));
        let (token, access) = (body.get("token"), body.get("access"));
        let either = |v3: &str, v2: &str| at(v3).or_else(|| at(v2));
        let project = Project {
            id: either("/token/project/id", "/access/token/tenant/id")?,
            name: either("/token/project/name", "/access/token/tenant/name")?,
        };
        let roles = token.and_then(|token| token.get("roles")).or_else(|| access?.pointer("/user/roles"));
        let roles = roles.and_then(Value::as_array).into_iter().flatten().filter_map(|role| text(role.get("name")));
        let domain = || Some(Domain { id: at("/token/user/domain/id")?, name: at("/token/user/domain/name")? });
        Some(Seed {
            user: User {
                id: either("/token/user/id", "/access/user/id")?,
                name: either("/token/user/name", "/access/user/name")?,
                password: "secret".to_owned(),
                roles: BTreeMap::new(),
            },
            project,
            roles: roles.collect(),
            domain: domain(),
            region: either("/token/catalog/0/endpoints/0/region", "/access/serviceCatalog/0/endpoints/0/region"),
        })
    }
}

fn entry(contracts: &Contracts, redactor: &Redactor, interaction: &Interaction, masks: &[Mask]) -> Entry {
    let recorded = &interaction.request;
    let (request, body) = recorded.request();
    let call = Call::new(contracts, redactor, &request, &body, interaction.time).by_anyone();
    let ruling = judge(contracts, &call);
    let redaction = redactor.inspect(ruling.target.marks(), &request, &body, None);
    let key = Key::new(&call, &ruling, &redaction, masks);
    let needs_token = ruling.target.operation.is_none_or(|operation| operation.token);
    let host = request.headers.get("Host").unwrap_or_default();
    Entry {
        sequence: interaction.sequence,
        target: format!("{} {}", recorded.method, recorded.target),
        key,
        is_write: !matches!(recorded.method.as_str(), "GET" | "HEAD") && needs_token,
        is_delete: recorded.method == "DELETE",
        status: interaction.status,
        headers: interaction.response.headers.clone(),
        body: interaction.response.body.clone(),
        origin: if host.is_empty() { String::new() } else { format!("http://{host}") },
        asked: 0,
    }
}
