//! Projects that have a session of their own: made, looked at, and taken away with all that is theirs.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::awkward::{Awkward, Choice, chosen, chosen_one};
use super::exchange::Exchange;
use super::faults::{InjectedFault, fault};
use super::responder::Responder;
use super::sequence::lock;
use super::session::{Chosen, Session};
use crate::base::json::Value;
use crate::base::{Clock, Diagnostic, Node, Yaml, parse_yaml};
use crate::cloud::{Fields, Fixture, Template, Tenant};
use crate::recording::{AnswerReport, FaultReport, Journal, Label, Leftover};

/// What is asked of a new project.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its name; one is made up without.
    pub name: Option<String>,
    /// How much it may have, instead of what the fixture says.
    quotas: Option<Node>,
    /// Fixtures over the server's, in this order.
    fixtures: Vec<Node>,
    /// The time at which its clock stands still.
    clock: Option<Timestamp>,
    /// What is awkward about its answers, instead of what is about the server's.
    answers: Option<Vec<Choice>>,
}

/// Why a project was not made.
#[derive(Clone, Debug)]
pub enum NotMade {
    /// The cloud is not a simulated one, or nobody can log in to it.
    NoCloud,
    /// There is a project or a user of that name.
    Taken(String),
    /// What was asked for cannot be.
    Wrong(Diagnostic),
}

impl From<Diagnostic> for NotMade {
    fn from(told: Diagnostic) -> NotMade {
        NotMade::Wrong(told)
    }
}

impl From<NotMade> for Diagnostic {
    fn from(why: NotMade) -> Diagnostic {
        match why {
            NotMade::NoCloud => Diagnostic::new("there is no simulated cloud, or nobody can log in to it"),
            NotMade::Taken(name) => Diagnostic::new(format!("there is a project or a user {name:?} already")),
            NotMade::Wrong(told) => told,
        }
    }
}

impl Wanted {
    /// The keys that a request for a project may have.
    pub const KEYS: [&str; 5] = ["name", "quotas", "fixtures", "clock", "answers"];

    /// Reads what a request has under [`Wanted::KEYS`].
    ///
    /// # Errors
    /// Something has another form.
    pub fn read(node: &Node) -> Result<Wanted, Diagnostic> {
        let clock = match node.get("clock") {
            Some(time) => {
                let expected = || time.expected("a time of RFC 3339, such as 2026-01-31T12:00:00Z");
                Some(time.text()?.parse().map_err(|_| expected())?)
            }
            None => None,
        };
        let fixtures = node.get("fixtures").map_or(&[][..], Node::one_or_more);
        Ok(Wanted {
            name: node.get("name").map(name).transpose()?,
            quotas: node.get("quotas").cloned(),
            fixtures: fixtures.iter().map(fixture).collect::<Result<_, _>>()?,
            clock,
            answers: node.get("answers").map(chosen).transpose()?,
        })
    }
}

/// A fixture as an object, or as text in YAML.
fn fixture(node: &Node) -> Result<Node, Diagnostic> {
    match node.yaml() {
        Yaml::Text(text) => parse_yaml("fixtures", text),
        _ => Ok(node.clone()),
    }
}

/// A name that Keystone takes for a project: at most 64 characters.
fn name(node: &Node) -> Result<String, Diagnostic> {
    let name = node.text()?;
    let is_good = !name.trim().is_empty() && name.chars().count() <= 64 && !name.contains(char::is_control);
    is_good.then(|| name.to_owned()).ok_or_else(|| node.expected("a name of 1 to 64 characters"))
}

impl Exchange {
    /// Makes a project with a session of its own.
    ///
    /// # Errors
    /// See [`NotMade`].
    pub fn open(&self, wanted: &Wanted) -> Result<Arc<Session>, NotMade> {
        let Responder::Simulate(simulate) = &self.own.responder else { return Err(NotMade::NoCloud) };
        let (fixture, seed) = {
            let cloud = simulate.cloud();
            if let Some(name) = wanted.name.as_ref().filter(|name| cloud.has_account(name)) {
                return Err(NotMade::Taken(name.clone()));
            }
            (Arc::clone(&cloud.fixture), cloud.seed)
        };
        let template = self.template(&fixture, &wanted.fixtures)?.ok_or(NotMade::NoCloud)?;
        let quotas = wanted.quotas.as_ref().map(|node| template.quotas(node)).transpose()?;
        let clock = wanted.clock.map_or(self.own.clock(), Clock::Frozen);
        let name = wanted.name.clone().unwrap_or_else(|| self.sessions.free_name());
        let tenant = Tenant::new(seed, &name);
        let own = template.fixture().faults.iter().skip(fixture.faults.len());
        let faults = own.map(|node| fault(&self.contracts, node)).collect::<Result<_, _>>()?;
        let answers = match &wanted.answers {
            Some(answers) => answers.clone(),
            None => {
                let own = template.fixture().answers.iter().skip(fixture.answers.len());
                let own = own.map(chosen_one).collect::<Result<Vec<_>, _>>()?;
                self.own.awkward.choices().into_iter().chain(own.into_iter().flatten()).collect()
            }
        };
        let made_up = wanted.name.is_none().then(|| name.clone());
        let collector = self.own.collector.as_ref().map(|collector| lock(collector).anew().masking(made_up));
        let session = Session::of(
            tenant,
            (template, quotas),
            (clock, simulate.on_violation),
            (collector, faults, Awkward::new(answers)),
        );
        let session = Arc::new(session);
        match self.sessions.add(Arc::clone(&session)) {
            true => Ok(session),
            false => Err(NotMade::Taken(name)),
        }
    }

    /// Sets the clock ahead in the session of a project, or in the server's own; returns the time there. `None`: there is no
    /// simulated cloud.
    pub fn advance(&self, project: Option<&str>, by: SignedDuration) -> Option<Timestamp> {
        drop(self.own.cloud()?);
        let session = self.session_of(project);
        session.advance(by);
        Some(session.now())
    }

    /// What the cloud of a project with fixtures `over` the server's is made of.
    fn template(&self, fixture: &Arc<Fixture>, over: &[Node]) -> Result<Option<Arc<Template>>, Diagnostic> {
        let key = over.iter().map(|node| node.to_json().to_string()).collect();
        self.sessions.template(key, || {
            let mut fixture = Arc::clone(fixture);
            for node in over {
                let fields = Fields::of(&self.contracts);
                fixture = Arc::new(Fixture::clone(&fixture).with_document(node, fields)?);
            }
            Ok(Template::new(fixture, &self.contracts))
        })
    }

    /// From now on it is the test `label` that asks in the project of that name, or in none; returns whether there is such a
    /// project.
    pub fn label(&self, project: Option<&str>, label: Option<Label>) -> bool {
        let session = match project.map(|name| self.project(name)) {
            Some(None) => return false,
            Some(session) => session,
            None => None,
        };
        let label = label.map(Arc::new);
        if let Some(label) = &label {
            self.ledger.announce(label);
            if let Some(session) = &session {
                session.journal().announce(label);
            }
        }
        session.as_deref().unwrap_or(&self.own).label(label);
        true
    }

    /// Takes away the project with that name or id, and with it all that is its own; what happened there stays in the verdict of
    /// the whole run.
    pub fn close(&self, word: &str) -> Option<Arc<Session>> {
        let session = self.sessions.remove(word)?;
        lock(&self.ended).add(&session, self.left_in(&session));
        Some(session)
    }

    /// The sessions of projects, in alphabetical order of their names.
    pub fn projects(&self) -> Vec<Arc<Session>> {
        self.sessions.all()
    }

    /// The session of the project with that name or id.
    pub fn project(&self, word: &str) -> Option<Arc<Session>> {
        self.sessions.named(word)
    }

    /// The session of the project of that name, or else the server's own.
    pub fn session_of(&self, project: Option<&str>) -> Chosen<'_> {
        project.and_then(|name| self.project(name)).map_or(Chosen::Own(&self.own), Chosen::Project)
    }

    /// What became of the faults, of all or of one project.
    pub fn fault_reports(&self, project: Option<&str>) -> Vec<FaultReport> {
        if let Some(session) = project.and_then(|name| self.project(name)) {
            return session.fault_reports();
        }
        let mut reports = self.own.faults.reports(project);
        if project.is_none() {
            self.projects().iter().for_each(|session| reports.extend(session.fault_reports()));
            reports.extend(lock(&self.ended).faults.iter().cloned());
        }
        reports
    }

    /// How often each awkward answer was given, in all or in one project.
    pub fn answer_reports(&self, project: Option<&str>) -> Vec<AnswerReport> {
        if let Some(session) = project.and_then(|name| self.project(name)) {
            return session.awkward.reports();
        }
        let mut reports = self.own.awkward.reports();
        if project.is_none() {
            let of_projects = self.projects().into_iter().flat_map(|session| session.awkward.reports());
            let of_gone = lock(&self.ended).answers.clone();
            of_projects.chain(of_gone).for_each(|report| AnswerReport::put_together(&mut reports, report));
        }
        reports
    }

    /// What was left behind, in all or in one project.
    pub fn left_behind(&self, project: Option<&str>) -> Vec<Leftover> {
        if let Some(session) = project.and_then(|name| self.project(name)) {
            return self.left_in(&session);
        }
        let mut all = Vec::new();
        let mut add = |more: Vec<Leftover>| Leftover::put_together(&mut all, more);
        add(self.without_secrets(self.own.left_behind(project)));
        if project.is_none() {
            self.projects().iter().for_each(|session| add(self.left_in(session)));
            add(lock(&self.ended).left.clone());
            all.sort_by_key(|own| own.request);
        }
        all
    }

    /// What was left behind in the session of a project.
    pub fn left_in(&self, session: &Session) -> Vec<Leftover> {
        self.without_secrets(session.left_behind(None))
    }

    fn without_secrets(&self, left: Vec<Leftover>) -> Vec<Leftover> {
        let told = |text: String| match self.ledger.redactor().names(&text.into()) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        left.into_iter().map(|own| Leftover { name: told(own.name), id: told(own.id), ..own }).collect()
    }

    /// Adds a fault, to the session of its project if it has one; returns its number there.
    pub fn add_fault(&self, mut fault: InjectedFault) -> (Chosen<'_>, u64) {
        let session = self.session_of(fault.trigger.project.as_deref());
        if session.owner.is_some() {
            // All that is asked there is the project's.
            fault.trigger.project = None;
        }
        let id = session.faults.add(fault);
        (session, id)
    }

    /// What happened so far, in all or in the project of that name.
    pub fn journal_of(&self, project: Option<&str>) -> Journal {
        let journal = match project.and_then(|name| self.project(name)) {
            Some(session) => session.journal().clone(),
            None => self.ledger.journal(project),
        };
        match project {
            Some(project) => self.with_kept(project, journal),
            None => journal,
        }
    }

    /// `journal` of a project, with what is kept of its interactions.
    pub fn with_kept(&self, project: &str, journal: Journal) -> Journal {
        let kept = self.ledger.kept_of(project, journal.requests);
        journal.with_kept(kept)
    }

    /// Is there a project with that name? Unknown for a real cloud.
    pub fn has_project(&self, name: &str) -> bool {
        let in_own = || self.own.cloud().is_none_or(|cloud| cloud.project_id(name).is_some());
        self.project(name).is_some() || in_own()
    }

    /// What the cloud holds: the names and states of its resources by collection, of all or of one project; `None` of a real
    /// one.
    pub fn state(&self, project: Option<&str>) -> Option<Value> {
        let summary = match project.and_then(|name| self.project(name)) {
            Some(session) => session.summary(None),
            None => self.own.summary(project),
        }?;
        Some(self.ledger.redactor().names(&summary))
    }

    /// Starts again from the fixture: everything, or one project's resources and its part of the journal. Of a real
    /// cloud only the latter.
    pub fn reset(&self, project: Option<&str>) {
        if let Some(session) = project.and_then(|name| self.project(name)) {
            session.reset();
            return;
        }
        if let Some(mut cloud) = self.own.cloud() {
            cloud.reset(project);
        }
        self.own.leavings.forget(project);
        if let Some(project) = project {
            self.ledger.forget(project);
            self.own.faults.forget(project);
        }
    }
}
