//! What the routes do.

use std::path::PathBuf;
use std::sync::Arc;

use super::guard::Guard;
#[cfg(feature = "cli")]
use super::page;
use super::root::itself;
use super::{clock, faults, projects};
use crate::base::json::Value;
use crate::base::open_file;
use crate::exchange::{Exchange, Session};
use crate::message::{Request, Response, percent_decode};
use crate::report::{Ending, FORMATS, Outcome};
use crate::server::{Answered, Streamed};
use crate::snapshot::{Extent, Folder};

use super::so_far::SoFar;
use super::told::{gone, told};

/// The routes, and the data behind them.
#[derive(Debug)]
pub struct Routes {
    /// The data behind the routes.
    pub exchange: Arc<Exchange>,
    /// The rules by which the verdict so far is given.
    pub ending: Ending,
    /// The recording, if one is written.
    pub recording: Option<PathBuf>,
    /// The snapshots, if they are taken.
    pub snapshots: Option<Folder>,
    /// Who may use them.
    pub guard: Guard,
    /// The file with the certificate that clients have to trust, if there is one.
    pub authority: Option<PathBuf>,
}

/// The routes as they are told to who asks for another.
const ALL: &str = "the routes are GET /, GET health, GET events, GET coverage, GET state, GET verdict, GET recording, POST reset, POST clock, POST label, faults, \
                   GET and POST projects, and GET and DELETE projects/NAME";

impl Routes {
    /// The routes of a cloud that is neither recorded nor compared with snapshots, for this machine alone.
    pub fn new(exchange: Arc<Exchange>) -> Routes {
        let (ending, guard) = (Ending::default(), Guard::default());
        Routes { exchange, ending, recording: None, snapshots: None, guard, authority: None }
    }

    /// The answer to `request` at `route`.
    pub fn answer(&self, route: &str, request: &Request) -> Answered {
        // Whoever keeps the cloud up is on another machine, and knows no token.
        if let ("GET" | "HEAD", "health") = (request.method.as_str(), route) {
            return itself(self.exchange.contracts()).into();
        }
        if let Some(why) = self.guard.refuses(request) {
            return told(403, &why).into();
        }
        let query = request.query();
        let project = query.last("project");
        if project.is_some_and(|project| !self.exchange.has_project(project)) {
            return gone().into();
        }
        let format = query.last("format").unwrap_or("json");
        let (first, rest) = route.split_once('/').map_or((route, None), |(first, rest)| (first, Some(rest)));
        let named = rest.map(percent_decode);
        match (request.method.as_str(), first, named.as_deref()) {
            #[cfg(feature = "cli")]
            ("GET", "", None) => page::page(&self.so_far(project).outcome()).into(),
            #[cfg(feature = "cli")]
            ("GET", "events", None) => Answered::Events(page::events(self.so_far(project), request)),
            #[cfg(feature = "cli")]
            ("GET", "coverage", None) => page::coverage(&self.so_far(project).outcome()).into(),
            ("GET", "recording", None) => self.recording(project).unwrap_or_else(Answered::from),
            ("GET", "state", None) => match self.exchange.state(project) {
                Some(state) => Response::json(200, state).into(),
                None => told(404, "ask the real cloud itself for its state").into(),
            },
            ("POST", "reset", None) => {
                self.exchange.reset(project);
                Response::empty(204).into()
            }
            ("GET", "verdict", None) => self.verdict(project, format).into(),
            ("POST", "clock", None) => clock::advance(&self.exchange, request, project).into(),
            (_, "faults", None) => faults::answer(&self.exchange, request, project).into(),
            ("POST", "label", None) => projects::label(&self.exchange, request).into(),
            ("GET", "projects", None) => projects::list(&self.exchange).into(),
            ("POST", "projects", None) => projects::open(&self.exchange, self.authority.as_deref(), request).into(),
            ("GET", "projects", Some(name)) => match self.exchange.project(name) {
                Some(session) => self.verdict(session.name(), format).into(),
                None => gone().into(),
            },
            ("DELETE", "projects", Some(name)) => match self.exchange.close(name) {
                Some(session) => self.last_verdict(&session, format),
                None => gone(),
            }
            .into(),
            (
                _,
                "" | "health" | "events" | "coverage" | "state" | "reset" | "verdict" | "recording" | "clock" | "label",
                None,
            )
            | (_, "projects", _) => told(405, "the route does not take this method").into(),
            _ => told(404, ALL).into(),
        }
    }

    fn verdict(&self, project: Option<&str>, format: &str) -> Response {
        report(&self.so_far(project).outcome(), format)
    }

    fn so_far(&self, project: Option<&str>) -> SoFar {
        let (exchange, ending) = (Arc::clone(&self.exchange), self.ending.clone());
        SoFar { exchange, ending, project: project.map(str::to_owned) }
    }

    /// The verdict of a project that is gone.
    fn last_verdict(&self, session: &Session, format: &str) -> Response {
        let (faults, answers) = (session.fault_reports(), session.awkward.reports());
        let left = self.exchange.left_in(session);
        let mut ending = Ending { faults, answers, left, ..self.ending.clone() };
        ending.take_snapshots(self.snapshots.as_ref(), || self.exchange.texts_of(session), Extent::Part);
        let journal = session.journal().clone();
        let journal = match session.name() {
            Some(name) => self.exchange.with_kept(name, journal),
            None => journal,
        };
        report(&Outcome::of_part(journal, ending), format)
    }

    /// The recording so far, as it is in the file; of one project only its lines.
    fn recording(&self, project: Option<&str>) -> Result<Answered, Response> {
        let path = self.recording.as_ref();
        let path = path.ok_or_else(|| told(404, "nothing is recorded; start with --record FILE"))?;
        let opened = open_file(path).and_then(|file| Streamed::new(file, project));
        opened.map(Answered::Recording).map_err(|error| told(500, &format!("cannot read {}: {error}", path.display())))
    }
}

fn report(outcome: &Outcome, format: &str) -> Response {
    let Some(format) = FORMATS.iter().find(|row| row.name == format) else {
        return told(400, "there is no such report format");
    };
    let text = (format.write)(outcome);
    let kind = match format.name {
        "json" => "application/json",
        "html" => "text/html; charset=UTF-8",
        _ => "text/plain; charset=UTF-8",
    };
    Response::typed(200, Value::String(text), kind)
}
