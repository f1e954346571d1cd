//! The way of a request: route, judge, answer, write down.

use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::answered::{Answered, Delivered};
use super::call::Call;
use super::diagnose::diagnose;
use super::disagreement::weigh;
use super::exchange::Exchange;
use super::faults::Befallen;
use super::judge::{garbage, judge};
use super::ledger::Taken;
use super::responder::Responder;
use super::ruling::Ruling;
use super::session::{Chosen, Session};
use crate::cloud::Fault;
use crate::contract::{Code, Dialect};
use crate::message::{Body, Request, Response, UpstreamFailure};
use crate::snapshot::Asked;

impl Exchange {
    /// Answers `request`; the answer may leave, as the interaction is in the recording.
    pub fn handle(&self, request: &Request) -> Response {
        self.take(request).flush()
    }

    /// As [`Exchange::handle`], but the interaction waits for [`Taken::flush`]: requests that come together are written down
    /// together.
    pub fn take(&self, request: &Request) -> Taken<'_> {
        let body = request.read_body();
        let session = self.session(request, &body);
        let call = self.call(&session, request, &body);
        let mut ruling = judge(&self.contracts, &call);
        if !session.awkward.is_idle() {
            session.awkward.ask(&mut ruling);
        }
        if !session.faults.is_idle() {
            return self.take_with_faults(&session, call, ruling);
        }
        let asked = self.capture(&session, &call, &ruling);
        let answered = session.responder.answer(&self.contracts, &call, &ruling, self.ledger.sequence());
        self.append(&session, &call, asked, ruling, answered)
    }

    /// As [`Exchange::take`], in a session that has faults.
    fn take_with_faults<'s: 'c, 'c>(&'s self, session: &Session, call: Call<'c>, ruling: Ruling<'c>) -> Taken<'s> {
        let responder = (&session.responder, session.instant());
        let mut befallen = Befallen::new(&session.faults, &self.contracts, responder, call, ruling);
        let asked = self.capture(session, &befallen.call, &befallen.ruling);
        let answered = befallen.answer(self.ledger.sequence());
        let Befallen { call, ruling, .. } = befallen;
        self.append(session, &call, asked, ruling, answered)
    }

    /// Was `request` not recorded, and is a real cloud to answer it? Nothing is sent or stored yet.
    pub fn is_for_cloud(&self, request: &Request) -> bool {
        let Responder::Replay(replay) = &self.own.responder else { return false };
        let body = request.read_body();
        let call = self.call(&self.own, request, &body);
        replay.is_for_cloud(&call, &judge(&self.contracts, &call))
    }

    /// Records the answer of a real cloud to `request`, which arrived at `time`. The judge runs last here, as a proxy refuses
    /// nothing, and as a streamed body could not be judged before.
    pub fn forwarded(&self, request: &Request, time: Timestamp, delivered: Delivered) -> Taken<'_> {
        let body = request.read_body();
        let call = Call::new(&self.contracts, self.ledger.redactor(), request, &body, time)
            .of(self.own.test(request))
            .by_anyone();
        let mut ruling = judge(&self.contracts, &call);
        let asked = self.capture(&self.own, &call, &ruling);
        let Delivered { response, contents, failure } = delivered;
        weigh(&mut ruling, request, &response, contents.is_none(), failure);
        ruling.findings.violations.retain(|violation| !self.extensions.cover(violation));
        if let Responder::Replay(replay) = &self.own.responder {
            replay.anew.fetch_add(1, Ordering::Relaxed);
        }
        let sequence = self.ledger.sequence().next();
        let answered = Answered { response, sequence, contents, failure, ..Answered::default() };
        self.append(&self.own, &call, asked, ruling, answered)
    }

    /// What the client gets where a real cloud gave no answer, in the words of the service.
    pub fn no_answer(&self, request: &Request, failure: UpstreamFailure, why: &str) -> Response {
        let status = if failure == UpstreamFailure::Slow { 504 } else { 502 };
        let mounted = self.contracts.mounted(&request.path);
        let dialect = mounted.map_or(Dialect::Keystone, |mounted| mounted.contract.service.dialect);
        let accept = request.headers.get("Accept").unwrap_or_default();
        let because = if why.is_empty() { String::new() } else { format!(" ({why})") };
        let message = format!("mockstack: {}{because}.", failure.told());
        Fault::new(Code::Upstream, status, message).render(dialect, accept)
    }

    /// Answers bytes that are not an HTTP request.
    pub fn garbage(&self, why: &str) {
        let (request, body) = (Request::default(), Body::Empty);
        let call = Call::new(&self.contracts, self.ledger.redactor(), &request, &body, self.own.now());
        let (response, sequence) = (Response::empty(400), self.ledger.sequence().next());
        let answered = Answered { response, sequence, ..Answered::default() };
        self.append(&self.own, &call, None, garbage(why), answered).flush();
    }

    /// The session that `request` belongs to: that of its token, or of whom it logs in as, or else the server's own.
    fn session(&self, request: &Request, body: &Body) -> Chosen<'_> {
        self.sessions.of(request, body).map_or(Chosen::Own(&self.own), Chosen::Project)
    }

    /// What is known of `request`, whose body is `body`, before it is judged.
    fn call<'a>(&'a self, session: &Session, request: &'a Request, body: &'a Body) -> Call<'a> {
        let token = request.headers.get("X-Auth-Token");
        let caller = token.and_then(|token| session.responder.caller(token));
        let call = Call::new(&self.contracts, self.ledger.redactor(), request, body, session.now());
        self.reached(call).of(session.test(request)).by(caller)
    }

    /// What a snapshot shows of the request, if it led to an operation and snapshots are taken.
    fn capture(&self, session: &Session, call: &Call<'_>, ruling: &Ruling<'_>) -> Option<Asked> {
        let operation = ruling.target.operation?;
        self.ledger.capture(session, &operation.id, call, ruling.target.marks())
    }

    /// Hands all that came of `call` to the ledger.
    fn append(
        &self,
        session: &Session,
        call: &Call<'_>,
        asked: Option<Asked>,
        mut ruling: Ruling<'_>,
        mut answered: Answered,
    ) -> Taken<'_> {
        if !session.awkward.is_idle() && answered.fault.is_none() {
            let response = std::mem::take(&mut answered.response);
            answered.response = session.awkward.answer(call, &ruling, response);
        }
        ruling.findings.extend(std::mem::take(&mut answered.findings));
        let diagnostic = diagnose(&self.contracts, call, &ruling);
        self.ledger.prune(|project| self.has_project(project));
        self.ledger.append(session, call, asked, ruling, diagnostic, answered)
    }
}
