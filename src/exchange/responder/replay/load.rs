//! Reads a recording to be replayed.

use std::collections::BTreeMap;
use std::path::Path;

use super::key::Key;
use super::login::{Login, put_ids};
use super::shown::{World, shown};
use super::tape::{Entry, Tape};
use crate::base::Diagnostic;
use crate::cloud::{Fields, Fixture, Shown, User};
use crate::contract::Contracts;
use crate::exchange::call::Call;
use crate::exchange::judge::judge;
use crate::message::Redactor;
use crate::recording::{Ended, Interaction, Reader};
use crate::snapshot::Mask;

/// A recording that was read.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub(super) tape: Tape,
    pub(super) logins: BTreeMap<u64, Login>,
    pub(super) world: World,
    /// How it ended: an incomplete one must not be replayed.
    pub ended: Ended,
}

impl Recorded {
    /// Reads the recording at `path`; `contracts` identify its operations, and `masks` the values to ignore.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(path: &Path, contracts: &Contracts, masks: &[Mask]) -> Result<Recorded, Diagnostic> {
        let mut reader = Reader::open(path)?;
        let (mut entries, mut logins, redactor) = (Vec::<Entry>::new(), BTreeMap::new(), Redactor::default());
        let mut told = Vec::new();
        for interaction in reader.by_ref() {
            let interaction = interaction?;
            let (entry, shown) = entry(contracts, &redactor, &interaction, masks);
            let is_login = interaction.request.method == "POST" && !entry.is_write;
            if let Some(login) = entry.body.as_ref().filter(|_| is_login).and_then(|body| {
                let headers = &interaction.response.headers;
                let token = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("X-Subject-Token"));
                Login::of(token.map(|(_, value)| value.as_str()), body, interaction.time)
            }) {
                logins.insert(entry.sequence, login);
            }
            entries.push(entry);
            told.push(shown);
        }
        let world = World::of(entries.iter().zip(told));
        let login = |body: &mut _| put_ids(body, logins.values());
        entries = entries.into_iter().map(|entry| Entry { key: entry.key.with_login(login), ..entry }).collect();
        Ok(Recorded { tape: Tape::new(entries), logins, world, ended: reader.end() })
    }

    /// Puts into `fixture` what the answers show that no write of the recording made, in place of the resources of its collections.
    pub fn seed_resources(&self, fixture: &mut Fixture, fields: Fields<'_>) {
        fixture.put_shown(&self.world.initial, fields);
    }

    /// Puts those into `fixture` who logged in when it was recorded, in place of its own users; the password of each is `secret`.
    pub fn seed(&self, fixture: &mut Fixture) {
        let scoped = |login: &Login| Some((login.user.clone()?, login.project.clone()?, login.clone()));
        let logins: Vec<_> = self.logins.values().filter_map(scoped).collect();
        let Some((.., first)) = logins.first() else { return };
        fixture.domain = first.domain.clone().unwrap_or_else(|| fixture.domain.clone());
        fixture.region = first.region.clone().unwrap_or_else(|| fixture.region.clone());
        (fixture.users, fixture.projects) = (Vec::new(), Vec::new());
        for ((id, name), project, login) in logins {
            if !fixture.projects.contains(&project) {
                fixture.projects.push(project.clone());
            }
            if !fixture.users.iter().any(|own| own.id == id) {
                let (id, password) = (id.clone(), "secret".to_owned());
                fixture.users.push(User { id, name, password, roles: BTreeMap::new() });
            }
            let own = fixture.users.iter_mut().find(|own| own.id == id);
            own.into_iter().for_each(|own| drop(own.roles.insert(project.id.clone(), login.roles.clone())));
        }
    }
}

/// An interaction, and the resources that its answer tells of.
fn entry(contracts: &Contracts, redactor: &Redactor, interaction: &Interaction, masks: &[Mask]) -> (Entry, Vec<Shown>) {
    let recorded = &interaction.request;
    let (request, body) = recorded.request();
    let call = Call::new(contracts, redactor, &request, &body, interaction.time).by_anyone();
    let ruling = judge(contracts, &call);
    let redaction = redactor.inspect(ruling.target.marks(), &request, &body, None);
    let key = Key::new(&call, &ruling, &redaction, masks);
    let needs_token = ruling.target.operation.is_none_or(|operation| operation.token);
    let host = request.headers.get("Host").unwrap_or_default();
    let told = shown(contracts, &ruling, interaction.status, interaction.response.body.as_ref());
    let entry = Entry {
        sequence: interaction.sequence,
        target: format!("{} {}", recorded.method, recorded.target),
        key,
        is_write: !matches!(recorded.method.as_str(), "GET" | "HEAD") && needs_token,
        is_delete: recorded.method == "DELETE",
        status: interaction.status,
        headers: interaction.response.headers.clone(),
        body: interaction.response.body.clone(),
        is_gone: interaction.response.contents.as_ref().is_some_and(|contents| contents.length > 0),
        origin: if host.is_empty() { String::new() } else { format!("http://{host}") },
        asked: 0,
    };
    (entry, told)
}
