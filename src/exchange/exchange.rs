//! An exchange: its parts, and what can be asked of it.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::awkward::Awkward;
use super::call::Call;
use super::extension::Extensions;
use super::faults::{Faults, InjectedFault};
use super::ledger::{Ledger, Log};
use super::responder::{Forward, Mounts, OnMiss, OnViolation, Recorded, Replay, Responder, Simulate};
use super::sequence::lock;
use super::session::Session;
use super::sessions::Sessions;
use crate::base::Clock;
use crate::base::json::Value;
use crate::cloud::{Cloud, Fixture};
use crate::contract::{Contracts, Mounted};
use crate::message::{Decisions, Intake, Request};
use crate::recording::{AnswerReport, FaultReport, Journal, Keep, Leftover, Recorder};
use crate::snapshot::{Collector, Mask, Texts};

/// How an exchange is set up.
#[derive(Debug, Default)]
pub struct Options {
    /// What the client gets for a violation.
    pub on_violation: OnViolation,
    /// Where interactions are written, if anywhere.
    pub recorder: Option<Recorder>,
    /// What collects snapshots, if they are taken.
    pub collector: Option<Collector>,
    /// Fields that a real cloud has of its own.
    pub extensions: Extensions,
    /// What is a secret and what is not, where a value only looks like one.
    pub decisions: Decisions,
    /// What goes wrong on purpose.
    pub faults: Vec<InjectedFault>,
    /// What is awkward about the answers.
    pub awkward: Awkward,
    /// Who is told a line of each interaction, if anybody.
    pub log: Option<Log>,
    /// How many interactions are kept for who wants to see them.
    pub keep: Keep,
    /// The seed of what is left to chance in them.
    pub seed: u64,
    /// Where clients reach us, if they are not to be told what they wrote in `Host`: `http://HOST:PORT`.
    pub advertise: Option<String>,
}

/// Judges requests, has them answered, and records both.
#[derive(Debug)]
pub struct Exchange {
    pub(super) contracts: Arc<Contracts>,
    /// The session of all that is in no project's.
    pub(super) own: Session,
    pub(super) sessions: Sessions,
    pub(super) ledger: Ledger,
    pub(super) extensions: Extensions,
    advertise: Option<String>,
    /// What is left of projects that are gone.
    pub(super) ended: Mutex<Gone>,
}

/// What is left of projects that are gone.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// What became of their faults.
    pub faults: Vec<FaultReport>,
    /// The awkward answers that they got.
    pub answers: Vec<AnswerReport>,
    /// What they left behind.
    pub left: Vec<Leftover>,
    /// What they asked.
    pub texts: Texts,
}

impl Gone {
    /// Another one is gone.
    pub fn add(&mut self, session: &Session, left: Vec<Leftover>) {
        self.faults.extend(session.fault_reports());
        session.awkward.reports().into_iter().for_each(|own| AnswerReport::put_together(&mut self.answers, own));
        Leftover::put_together(&mut self.left, left);
        put_together(&mut self.texts, session.texts());
    }
}

/// Adds what was asked elsewhere.
fn put_together(texts: &mut Texts, others: Texts) {
    for (asker, others) in others {
        texts.entry(asker).or_default().extend(others);
    }
}

impl Exchange {
    /// An exchange that answers from `cloud`. Several may share their contracts, which are then read only once.
    pub fn new(contracts: impl Into<Arc<Contracts>>, cloud: Cloud, options: Options) -> Exchange {
        let clock = cloud.clock;
        let simulate = Simulate::new(cloud, options.on_violation);
        Exchange::answering(contracts.into(), clock, Responder::Simulate(Box::new(simulate)), options)
    }

    /// An exchange that answers from `recorded`. `cloud` knows the users, and answers everything else if `on_miss` says so.
    pub fn replay(
        contracts: impl Into<Arc<Contracts>>,
        cloud: Cloud,
        recorded: Recorded,
        (masks, on_miss): (Vec<Mask>, OnMiss),
        options: Options,
    ) -> Exchange {
        let clock = cloud.clock;
        let replay = Replay::new(recorded, masks, on_miss, clock, Simulate::new(cloud, options.on_violation));
        Exchange::answering(contracts.into(), clock, Responder::Replay(Box::new(replay)), options)
    }

    /// The same replay, which leaves what was not recorded to the real cloud whose identity service is at `auth_url`: who has the
    /// sockets asks [`Exchange::is_for_cloud`], and does as for [`Exchange::forward`].
    #[must_use]
    pub fn with_cloud(mut self, auth_url: &str) -> Exchange {
        if let Responder::Replay(replay) = &mut self.own.responder {
            replay.rest = Some(Forward::new(&self.contracts, auth_url));
        }
        self
    }

    /// An exchange that a real cloud answers, whose identity service is at `auth_url`. Who has the sockets asks it, and hands what
    /// it gave to [`Exchange::forwarded`].
    pub fn forward(contracts: impl Into<Arc<Contracts>>, auth_url: &str, options: Options) -> Exchange {
        let contracts = contracts.into();
        let forward = Forward::new(&contracts, auth_url);
        Exchange::answering(contracts, Clock::Wall, Responder::Forward(forward), options)
    }

    fn answering(contracts: Arc<Contracts>, clock: Clock, responder: Responder, options: Options) -> Exchange {
        let ledger = Ledger::new(options.recorder, options.decisions, (options.keep, options.log));
        let mut own = Session::own(responder, clock, options.collector);
        own.faults = Faults::new(options.faults, options.seed);
        own.awkward = options.awkward;
        let (extensions, advertise) = (options.extensions, options.advertise);
        Exchange {
            contracts,
            own,
            sessions: Sessions::default(),
            ledger,
            extensions,
            advertise,
            ended: Mutex::default(),
        }
    }

    /// The recorded writes that were not sent, if it replays a recording: their operations and names.
    pub fn unasked(&self) -> Vec<(String, String)> {
        match &self.own.responder {
            Responder::Simulate(_) | Responder::Forward(_) => Vec::new(),
            Responder::Replay(replay) => replay.unasked(),
        }
    }

    /// How the body of a request is to be read.
    pub fn intake(&self, method: &str, path: &str) -> Intake {
        const ELSEWHERE: Intake = Intake::Document(114_688);
        let Some(Mounted { contract, path, .. }) = self.contracts.mounted(path) else { return ELSEWHERE };
        let is_raw = matches!(method, "PUT" | "POST" | "PATCH")
            && contract.table().is_ok_and(|table| table.operations.has_raw)
            && contract.route(method, path).is_ok_and(|found| found.operations.iter().any(|operation| operation.raw));
        if is_raw { Intake::Contents } else { Intake::Document(contract.service.body_limit) }
    }

    /// Where clients reach us: what is advertised, or else what they wrote in `Host`.
    pub fn origin(&self, request: &Request) -> String {
        self.advertise.clone().unwrap_or_else(|| request.origin())
    }

    /// `call`, reached where clients are told to.
    pub(super) fn reached<'c>(&self, call: Call<'c>) -> Call<'c> {
        match &self.advertise {
            Some(origin) => call.at(origin.clone()),
            None => call,
        }
    }

    /// Are the names of header lines lower-case on the wire?
    pub fn has_lower_case_headers(&self) -> bool {
        self.own.awkward.has_lower_case_headers()
    }

    /// The contracts that it judges by.
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// The same, for another thread.
    pub fn shared_contracts(&self) -> Arc<Contracts> {
        Arc::clone(&self.contracts)
    }

    /// Where the endpoints of a real cloud are mounted; `None` if none answers.
    pub fn mounts(&self) -> Option<Arc<Mounts>> {
        self.own.responder.forward().map(Forward::mounts)
    }

    /// Takes note of the endpoints of a real cloud, if `body` is a catalog.
    pub fn learn(&self, body: &Value) {
        if let Some(forward) = self.own.responder.forward() {
            forward.learn(body);
        }
    }

    /// The time by the clock of the cloud.
    pub fn now(&self) -> Timestamp {
        self.own.now()
    }

    /// The data the cloud was filled with; `None` for a real one.
    pub fn fixture(&self) -> Option<Arc<Fixture>> {
        self.own.cloud().map(|cloud| Arc::clone(&cloud.fixture))
    }

    /// What happened so far.
    pub fn journal(&self) -> Journal {
        self.ledger.journal(None)
    }

    /// How many requests there were so far.
    pub fn requests(&self) -> u64 {
        self.ledger.requests()
    }

    /// Everything that was asked, here and in projects, if snapshots are taken.
    pub fn texts(&self) -> Texts {
        let mut texts = self.own.texts();
        put_together(&mut texts, lock(&self.ended).texts.clone());
        self.projects().iter().for_each(|session| put_together(&mut texts, session.texts()));
        texts
    }

    /// What the tests of a project that is gone asked, in it and in others that are.
    pub fn texts_of(&self, session: &Session) -> Texts {
        let ended = lock(&self.ended);
        let own = session.texts().into_keys();
        own.map(|asker| (asker.clone(), ended.texts.get(&asker).cloned().unwrap_or_default())).collect()
    }

    /// Places at which the recording of a real cloud had a value that looks like a secret, is not marked as one, and on which the
    /// user has not decided: `/server/note of compute.servers.show`.
    pub fn suspects(&self) -> Vec<String> {
        self.own.responder.forward().map(|_| self.ledger.suspects()).unwrap_or_default()
    }

    /// How many requests a replay left to a real cloud.
    pub fn anew(&self) -> u64 {
        match &self.own.responder {
            Responder::Replay(replay) => replay.anew.load(Ordering::Relaxed),
            Responder::Simulate(_) | Responder::Forward(_) => 0,
        }
    }

    /// The entries of `extensions`, `redact` and `keep` that nothing was like.
    pub fn unused_patterns(&self) -> Vec<String> {
        [self.extensions.unused(), self.ledger.redactor().unused()].concat()
    }

    /// What was left out of the recording: `3 tokens, 1 password, in 14 places`; `None` if nothing was.
    pub fn redacted(&self) -> Option<String> {
        self.ledger.redactor().summary()
    }

    /// What a client printed, without the secrets that are known.
    pub fn told(&self, text: &str) -> String {
        self.ledger.redactor().text(text)
    }

    /// The run is over: the recording gets its last line, which holds `end`.
    pub fn end(&self, end: &Value) {
        self.ledger.end(end);
    }
}
