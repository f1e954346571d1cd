//! Answers from a recording. Nothing in here uses a network.

mod key;
mod load;
mod login;
mod nearest;
mod shown;
mod tape;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard};

use super::{Forward, Simulate};
use crate::base::Clock;
use crate::base::json::Value;
use crate::cloud::{Caller, Cloud, Fault, Shown};
use crate::contract::{Code, Contracts, Dialect, Violation};
use crate::exchange::answered::Answered;
use crate::exchange::call::Call;
use crate::exchange::disagreement::objection;
use crate::exchange::ruling::{Findings, Ruling};
use crate::exchange::sequence::{Sequence, lock};
use crate::message::{Headers, Response};
use crate::snapshot::Mask;

use super::replay::key::Key;
use super::replay::login::Logins;
use super::replay::tape::{Entry, Tape};

pub use super::replay::load::Recorded;

/// What becomes of a request that was not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMiss {
    /// It gets a 501, and fails the verdict.
    #[default]
    Fail,
    /// The simulated cloud answers.
    Simulate,
    /// Who has the sockets asks a real cloud, and it is recorded.
    Record,
}

/// A recording as a responder.
#[derive(Debug)]
pub struct Replay {
    state: Mutex<State>,
    masks: Vec<Mask>,
    on_miss: OnMiss,
    clock: Clock,
    /// Who logs in where, and who answers what was not recorded.
    simulate: Simulate,
    /// What the recorded writes made.
    made: BTreeMap<u64, Vec<Shown>>,
    /// The real cloud that is asked what was not recorded, if one is.
    pub rest: Option<Forward>,
    /// How many requests it was asked.
    pub anew: AtomicU64,
}

#[derive(Debug)]
struct State {
    tape: Tape,
    logins: Logins,
}

impl Replay {
    /// Answers from `recorded`. `simulate` knows its users.
    pub fn new(recorded: Recorded, masks: Vec<Mask>, on_miss: OnMiss, clock: Clock, simulate: Simulate) -> Replay {
        let Recorded { tape, logins, world, .. } = recorded;
        let state = Mutex::new(State { tape, logins: Logins::new(logins) });
        Replay { state, masks, on_miss, clock, simulate, made: world.made, rest: None, anew: AtomicU64::new(0) }
    }

    /// The cloud that answers what was not recorded.
    pub fn cloud(&self) -> MutexGuard<'_, Cloud> {
        self.simulate.cloud()
    }

    /// The owner of the token, if it is valid.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        let own = lock(&self.state).logins.caller(token, self.clock.now());
        own.or_else(|| self.cloud().caller(token).filter(|_| self.on_miss == OnMiss::Simulate))
    }

    /// The recorded writes that were not sent: their operations, and `request 7 (DELETE /compute/v2.1/servers/…)`.
    pub fn unasked(&self) -> Vec<(String, String)> {
        lock(&self.state).tape.unasked().map(|entry| (entry.key.operation.clone(), entry.told())).collect()
    }

    /// Is it for a real cloud to answer `call`? What was recorded is not, nor what has no good token, nor a login: the client has
    /// credentials that are made up.
    pub fn is_for_cloud(&self, call: &Call<'_>, ruling: &Ruling<'_>) -> bool {
        let needs_token = ruling.target.operation.is_none_or(|operation| operation.token);
        let may_ask = if needs_token { call.caller.is_some() } else { call.request.method != "POST" };
        if self.rest.is_none() || !may_ask {
            return false;
        }
        let redaction = call.redactor.inspect(ruling.target.marks(), call.request, call.body, None);
        let key = Key::new(call, ruling, &redaction, &self.masks);
        lock(&self.state).tape.find(&key).is_err()
    }

    /// The recorded answer; what the contract refuses is refused, unless that was recorded too.
    pub fn answer(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        let redaction = call.redactor.inspect(ruling.target.marks(), call.request, call.body, None);
        let key = Key::new(call, ruling, &redaction, &self.masks);
        let mut state = lock(&self.state);
        let State { tape, logins } = &mut *state;
        let key = key.with_login(|body| logins.put_ids(body));
        let (response, findings) = match (tape.ask(&key), ruling.answer()) {
            (Ok(entry), _) if entry.is_gone => missed(call, ruling, nearest::gone(entry)),
            (Ok(entry), _) => {
                if self.on_miss == OnMiss::Simulate && entry.is_write && entry.status < 300 {
                    let made = self.made.get(&entry.sequence).map_or(&[][..], Vec::as_slice);
                    self.simulate.follow(contracts, call, ruling, made);
                }
                let objection = objection(ruling, entry.status, entry.body.as_ref().unwrap_or(&Value::Null));
                (recorded(call, entry, logins), objection)
            }
            (Err(_), Some(refusal)) => (refusal.clone(), Findings::default()),
            (Err(_), None) if self.on_miss == OnMiss::Simulate => {
                return self.simulate.answer(contracts, call, ruling, sequence);
            }
            (Err(miss), None) => missed(call, ruling, nearest::told(tape, &key, &miss)),
        };
        Answered { response, sequence: sequence.next(), findings, ..Answered::default() }
    }
}

/// The answer to what was not recorded, in the service's dialect.
fn missed(call: &Call<'_>, ruling: &Ruling<'_>, told: Violation) -> (Response, Findings) {
    let dialect = ruling.target.contract.map_or(Dialect::Nova, |contract| contract.service.dialect);
    let message = match told.code {
        Code::Repeated => "The request is in the recording that is replayed, but not so often.",
        Code::TooEarly => "The request is in the recording that is replayed, but comes later there.",
        _ => "The request is not in the recording that is replayed.",
    };
    let fault = Fault::new(told.code, 501, message);
    (fault.render(dialect, call.accept()), Findings { violations: vec![told], ..Findings::default() })
}

/// The recorded answer as it is given today: it leads here, and its token is a new one.
fn recorded(call: &Call<'_>, entry: &Entry, logins: &mut Logins) -> Response {
    // What the connection decides is not recorded.
    const OF_CONNECTION: [&str; 6] =
        ["content-length", "transfer-encoding", "connection", "keep-alive", "date", "content-encoding"];
    let minted = logins.mint(entry.sequence, call.time);
    let change = |text: &str| {
        let text = match text.strip_prefix(entry.origin.as_str()) {
            Some(rest) if !entry.origin.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
                [call.origin.as_str(), rest].concat()
            }
            _ => text.to_owned(),
        };
        minted.iter().fold(text, |text, (placeholder, token)| text.replace(placeholder, token))
    };
    let headers =
        entry.headers.iter().filter(|(name, _)| !OF_CONNECTION.iter().any(|own| own.eq_ignore_ascii_case(name)));
    let headers = headers.map(|(name, value)| (name.clone().into(), change(value))).collect();
    Response { status: entry.status, headers: Headers(headers), body: entry.answer(change), ..Response::default() }
}
