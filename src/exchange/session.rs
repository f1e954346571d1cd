//! A session: a cloud, who is asked instead of it, and what happened there.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::awkward::Awkward;
use super::faults::{Faults, InjectedFault};
use super::labels::Labels;
use super::leavings::Leavings;
use super::responder::{OnViolation, Responder, Simulate};
use super::sequence::lock;
use crate::base::Clock;
use crate::base::json::Value;
use crate::cloud::{Cloud, Quotas, Template, Tenant};
use crate::message::Request;
use crate::recording::{FaultReport, Journal, Label, Leftover};
use crate::snapshot::{Asker, Collector, Texts};

/// Everything that one project has of its own, so that its tests notice nothing of others: who answers, the clock, what happened,
/// and what was asked. The server's own session is all that is in no project's.
#[derive(Debug)]
pub struct Session {
    /// The project, and what its cloud was made of; `None`: the server's own.
    pub owner: Option<Owner>,
    /// Who answers.
    pub responder: Responder,
    /// The time there.
    clock: Mutex<Clock>,
    /// By how much it was set ahead, in all.
    ahead: Mutex<Duration>,
    /// What happened; empty in the server's own, whose projects share it: see [`Ledger`](super::ledger::Ledger).
    journal: Mutex<Journal>,
    /// What collects snapshots, if they are taken.
    pub collector: Option<Mutex<Collector>>,
    /// What goes wrong there on purpose.
    pub faults: Faults,
    /// What is awkward about its answers.
    pub awkward: Awkward,
    /// What clients made there.
    pub leavings: Leavings,
    /// Which test asks.
    labels: Mutex<Labels>,
}

/// Whose session it is.
#[derive(Debug)]
pub struct Owner {
    /// The project and its user.
    pub tenant: Tenant,
    /// The quotas that were asked for.
    quotas: Option<Quotas>,
    /// What its cloud was made of.
    pub template: Arc<Template>,
    /// The faults that its fixture has.
    faults: Vec<InjectedFault>,
}

impl Session {
    /// The server's own session.
    pub fn own(responder: Responder, clock: Clock, collector: Option<Collector>) -> Session {
        Session {
            owner: None,
            responder,
            clock: Mutex::new(clock),
            ahead: Mutex::default(),
            journal: Mutex::default(),
            collector: collector.map(Mutex::new),
            faults: Faults::default(),
            awkward: Awkward::default(),
            leavings: Leavings::default(),
            labels: Mutex::default(),
        }
    }

    /// The session of `tenant`, in a cloud like `template` with these quotas.
    pub fn of(
        tenant: Tenant,
        (template, quotas): (Arc<Template>, Option<Quotas>),
        (clock, on_violation): (Clock, OnViolation),
        (collector, faults, awkward): (Option<Collector>, Vec<InjectedFault>, Awkward),
    ) -> Session {
        let cloud = template.cloud(&tenant, clock, quotas.clone());
        let responder = Responder::Simulate(Box::new(Simulate::new(cloud, on_violation)));
        let own = Faults::new(faults.clone(), tenant.ids.clone().bits());
        let owner = Some(Owner { tenant, quotas, template, faults });
        Session { owner, faults: own, awkward, ..Session::own(responder, clock, collector) }
    }

    /// The name of the project; `None`: the server's own.
    pub fn name(&self) -> Option<&str> {
        self.owner.as_ref().map(|owner| owner.tenant.name.as_str())
    }

    /// The time there.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    /// The clock there.
    pub fn clock(&self) -> Clock {
        *lock(&self.clock)
    }

    /// The time by which clients are judged that wait: it passes while they do, whatever clock stands still, and is set ahead with it.
    pub fn instant(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(*lock(&self.ahead)).unwrap_or(now)
    }

    /// Sets the clock ahead: what waits for a time there, tokens and builds, sees that it has come.
    pub fn advance(&self, by: SignedDuration) {
        let mut clock = lock(&self.clock);
        *clock = clock.advanced(by);
        let mut ahead = lock(&self.ahead);
        *ahead = ahead.saturating_add(by.unsigned_abs());
        if let Some(mut cloud) = self.cloud() {
            cloud.clock = *clock;
        }
    }

    /// The simulated cloud, if there is one.
    pub fn cloud(&self) -> Option<MutexGuard<'_, Cloud>> {
        self.responder.cloud()
    }

    /// The test that sent a request, if any is known.
    pub fn test(&self, request: &Request) -> Option<Arc<Label>> {
        lock(&self.labels).of(&request.headers)
    }

    /// From now on it is the test `label` that asks, or none.
    pub fn label(&self, label: Option<Arc<Label>>) {
        lock(&self.labels).set(label);
    }

    /// What happened, to be changed.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    /// Starts again as after it was made; tokens stay valid, and ids go on.
    pub fn reset(&self) {
        let (Some(owner), Some(mut cloud)) = (&self.owner, self.cloud()) else { return };
        let fresh = owner.template.cloud(&owner.tenant, self.clock(), owner.quotas.clone());
        cloud.start_again_as(fresh);
        *self.journal() = Journal::default();
        if let Some(collector) = &self.collector {
            let mut collector = lock(collector);
            collector.start_again();
        }
        self.faults.start_again(owner.faults.clone());
        self.leavings.forget(None);
    }

    /// What became of its faults.
    pub fn fault_reports(&self) -> Vec<FaultReport> {
        let project = || self.name().map(str::to_owned);
        let own = self.faults.reports(None).into_iter();
        own.map(|report| FaultReport { project: report.project.clone().or_else(project), ..report }).collect()
    }

    /// What clients left behind there, all or in one project.
    pub fn left_behind(&self, project: Option<&str>) -> Vec<Leftover> {
        self.cloud().map(|cloud| self.leavings.left(&cloud, project)).unwrap_or_default()
    }

    /// What was asked, as snapshots show it.
    pub fn texts(&self) -> Texts {
        self.collector.as_ref().map(|collector| lock(collector).texts()).unwrap_or_default()
    }

    /// Under which name a request of the test `label` is kept: of the test, or else of the project.
    pub fn asker(&self, label: Option<&Arc<Label>>) -> Asker {
        label.map(|label| Arc::clone(&label.name)).or_else(|| self.name().map(Arc::from))
    }

    /// What it holds: the names and states of its resources, of all or of one project of its cloud.
    pub fn summary(&self, project: Option<&str>) -> Option<Value> {
        let mut cloud = self.cloud()?;
        cloud.settle();
        Some(cloud.summary(project))
    }
}

/// The session that a request belongs to.
#[derive(Clone)]
pub enum Chosen<'e> {
    /// The server's own.
    Own(&'e Session),
    /// A project's.
    Project(Arc<Session>),
}

impl fmt::Debug for Chosen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Chosen").field(&self.name()).finish()
    }
}

impl Deref for Chosen<'_> {
    type Target = Session;
    fn deref(&self) -> &Session {
        match self {
            Chosen::Own(session) => session,
            Chosen::Project(session) => session,
        }
    }
}
