//! A recording answers. There is no way to a network in here.

mod key;
mod load;
mod nearest;
mod tape;
mod tokens;

use std::sync::{Arc, Mutex, MutexGuard};

use super::{Answered, Simulate};
use crate::cloud::{Caller, Cloud, Fault};
use crate::contract::{Code, Contracts, Dialect};
use crate::exchange::call::Call;
use crate::exchange::ledger::{Sequence, lock};
use crate::exchange::ruling::{Findings, Next, Ruling};
use crate::message::{Headers, Response};
use crate::snapshot::Mask;

use key::Key;
use tape::{Entry, Tape};
use tokens::Tokens;

pub use load::Recorded;

/// What becomes of a request that was not recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMiss {
    /// It gets a 501, and fails the verdict.
    #[default]
    Fail,
    /// The simulated cloud answers.
    Simulate,
}

/// A recording as a responder.
#[derive(Debug)]
pub struct Replay {
    state: Mutex<State>,
    masks: Vec<Mask>,
    on_miss: OnMiss,
    /// Who logs in where, and who answers what was not recorded.
    simulate: Simulate,
}

#[derive(Debug)]
struct State {
    tape: Tape,
    tokens: Tokens,
}

impl Replay {
    /// Answers out of what was `recorded`. `simulate` knows its users.
    pub fn new(recorded: Recorded, masks: Vec<Mask>, on_miss: OnMiss, simulate: Simulate) -> Replay {
        let Recorded { tape, tokens, .. } = recorded;
        Replay { state: Mutex::new(State { tape, tokens }), masks, on_miss, simulate }
    }

    /// The cloud that answers what was not recorded.
    pub fn cloud(&self) -> MutexGuard<'_, Cloud> {
        self.simulate.cloud()
    }

    /// Whose token it is, if it is a good one.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        let now = self.cloud().clock.now();
        let own = lock(&self.state).tokens.caller(token, now);
        own.or_else(|| self.simulate.cloud().caller(token).filter(|_| self.on_miss == OnMiss::Simulate))
    }

    /// The recorded writes that nobody asked: `request 7 (DELETE /compute/v2.1/servers/…)`.
    pub fn unused(&self) -> Vec<String> {
        let state = lock(&self.state);
        state.tape.unused().map(|entry| format!("request {} ({})", entry.sequence, entry.target)).collect()
    }

    /// The recorded answer; what the contract refuses is refused, unless that was recorded too.
    pub fn answer(&self, contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        let redaction = call.redactor.inspect(ruling.target.marks(), call.request, call.body, None);
        let key = Key::new(call, ruling, &redaction, &self.masks);
        let mut state = lock(&self.state);
        let State { tape, tokens } = &mut *state;
        let miss = match tape.ask(&key) {
            Ok(entry) => {
                let response = recorded(call, entry, tokens, self.cloud().clock.now());
                return Answered { response, sequence: sequence.next(), findings: Findings::default() };
            }
            Err(miss) => miss,
        };
        let refusal = match &ruling.next {
            Next::Answer(refusal) | Next::Ask { refusal: Some(refusal), .. } => Some(refusal.clone()),
            Next::Ask { refusal: None, .. } => None,
        };
        if let Some(response) = refusal {
            return Answered { response, sequence: sequence.next(), findings: Findings::default() };
        }
        if self.on_miss == OnMiss::Simulate {
            drop(state);
            return self.simulate.answer(contracts, call, ruling, sequence);
        }
        let told = nearest::told(tape, &key, &miss);
        let dialect = ruling.target.contract.map_or(Dialect::Nova, |contract| contract.service.dialect);
        let fault = Fault::new(Code::NotRecorded, 501, "The request is not in the recording that is replayed.");
        let response = fault.render(dialect, call.accept());
        Answered {
            response,
            sequence: sequence.next(),
            findings: Findings { violations: vec![told], ..Findings::default() },
        }
    }
}

/// The recorded answer as it is given today: it leads here, and its token is a new one.
fn recorded(call: &Call<'_>, entry: &Entry, tokens: &mut Tokens, now: jiff::Timestamp) -> Response {
    // What the connection decides is not recorded.
    const OF_CONNECTION: [&str; 6] =
        ["content-length", "transfer-encoding", "connection", "keep-alive", "date", "content-encoding"];
    let minted = tokens.mint(entry, now);
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
    Response { status: entry.status, headers: Headers(headers), body: entry.answer(change) }
}
