//! The routes under `/__mockstack/`: the state of the cloud, the recording, the verdict so far, and a way to start
//! again. For the machine's own users only, and not for web pages.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use hyper::body::Incoming;

use super::{Answer, Answered, Outgoing, Streamed, fault_routes};
use crate::base::json::{Value, json};
use crate::base::open_file;
use crate::exchange::Exchange;
use crate::message::{Intake, Request, Response};
use crate::report::{Ending, FORMATS, Outcome};

/// Where the routes begin.
pub const PREFIX: &str = "/__mockstack/";

/// The routes, before who answers everything else.
#[derive(Debug)]
pub struct Admin<A> {
    /// The data behind the routes.
    pub exchange: Arc<Exchange>,
    /// Who answers everything else: the exchange itself, or a proxy of a real cloud.
    pub others: A,
    /// The rules by which the verdict so far is given.
    pub ending: Ending,
    /// The recording, if one is written.
    pub recording: Option<PathBuf>,
}

impl<A: Answer> Answer for Admin<A> {
    fn intake(&self, method: &str, path: &str) -> Intake {
        let is_page = || OF_BROWSERS.contains(&path) && self.exchange.contracts().mounted(path).is_none();
        match self.others.intake(method, path) {
            // What a browser asks is known by its path; what else leads to no contract may be a service of the cloud.
            Intake::Unread if path.starts_with(PREFIX) || is_page() => Exchange::intake(&self.exchange, method, path),
            intake => intake,
        }
    }

    async fn answer(&self, request: Request) -> Answered {
        match request.path.strip_prefix(PREFIX) {
            Some(route) => self.route(route, &request),
            // Where a service is at the port itself, `/` is its own.
            None => match of_browser(&request).filter(|_| self.exchange.contracts().mounted(&request.path).is_none()) {
                Some(response) => response.into(),
                None => self.others.answer(request).await,
            },
        }
    }

    fn forward(
        &self,
        request: hyper::Request<Incoming>,
        peer: Option<IpAddr>,
    ) -> impl Future<Output = Outgoing> + Send {
        self.others.forward(request, peer)
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(&self.exchange, why);
    }
}

impl<A> Admin<A> {
    fn route(&self, route: &str, request: &Request) -> Answered {
        if let Some(why) = foreign(request) {
            return told(403, &why).into();
        }
        let query = request.query();
        let project = query.last("project");
        if project.is_some_and(|project| !self.exchange.has_project(project)) {
            return told(404, "there is no project with that name").into();
        }
        if (request.method.as_str(), route) == ("GET", "recording") {
            return self.recording(project).unwrap_or_else(Answered::from);
        }
        let response = match (request.method.as_str(), route) {
            ("GET", "state") => match self.exchange.state(project) {
                Some(state) => Response::json(200, state),
                None => told(404, "ask the real cloud itself for its state"),
            },
            ("POST", "reset") => {
                self.exchange.reset(project);
                Response::empty(204)
            }
            (_, "faults") => fault_routes::answer(&self.exchange, request, project),
            ("GET", "verdict") => self.verdict(project, query.last("format").unwrap_or("json")),
            (_, "state" | "reset" | "verdict" | "recording") => told(405, "the route does not take this method"),
            _ => told(404, "the routes are GET state, GET verdict, GET recording, POST reset, and faults"),
        };
        response.into()
    }

    fn verdict(&self, project: Option<&str>, format: &str) -> Response {
        let Some(format) = FORMATS.iter().find(|row| row.name == format) else {
            return told(400, "there is no such report format");
        };
        let ending = Ending { faults: self.exchange.faults().reports(project), ..self.ending.clone() };
        let outcome = Outcome::new(self.exchange.journal_of(project), ending);
        let text = (format.write)(&outcome);
        let kind = if format.name == "json" { "application/json" } else { "text/plain; charset=UTF-8" };
        Response::typed(200, Value::String(text), kind)
    }

    /// The recording so far, as it is in the file; of one project only its lines.
    fn recording(&self, project: Option<&str>) -> Result<Answered, Response> {
        let path = self.recording.as_ref();
        let path = path.ok_or_else(|| told(404, "nothing is recorded; start with --record FILE"))?;
        let opened = open_file(path).and_then(|file| Streamed::new(file, project));
        opened.map(Answered::Recording).map_err(|error| told(500, &format!("cannot read {}: {error}", path.display())))
    }
}

/// See [`of_browser`].
const OF_BROWSERS: [&str; 2] = ["/", "/favicon.ico"];

/// What a browser asks for when somebody looks whether the port answers: no client of OpenStack does, as every service is below
/// a path of its own.
fn of_browser(request: &Request) -> Option<Response> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "HEAD", "/") => Some(Response::json(
            200,
            json!({
                "mockstack": env!("CARGO_PKG_VERSION"),
                "identity": "/identity",
                "routes": PREFIX,
            }),
        )),
        ("GET" | "HEAD", "/favicon.ico") => Some(Response::empty(204)),
        _ => None,
    }
}

/// Why the request is none of ours: it comes from another machine, from a page, or under a name that only a page's
/// script would use for us.
fn foreign(request: &Request) -> Option<String> {
    if request.peer.is_some_and(|peer| !peer.to_canonical().is_loopback()) {
        return Some("these routes are for this machine only".to_owned());
    }
    if request.headers.get("Origin").is_some() {
        return Some("these routes are not for web pages".to_owned());
    }
    let host = request.headers.get("Host").unwrap_or("localhost");
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if port.is_empty() || port.starts_with(':') => address,
        Some(_) => host,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let is_loopback = |ip: std::net::IpAddr| ip.to_canonical().is_loopback();
    let is_local = name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback);
    (!is_local).then(|| format!("{name} is not a loopback name of this machine"))
}

fn told(status: u16, message: &str) -> Response {
    Response::json(status, json!({"error": {"code": status, "message": message}}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_own_users_are_served() {
        let request = |lines: &[(&str, &str)], peer: &str| Request {
            headers: lines.iter().copied().collect(),
            peer: peer.parse().ok(),
            ..Request::default()
        };
        assert_eq!(foreign(&request(&[("Host", "127.0.0.1:5000")], "127.0.0.1")), None);
        for (host, peer) in [
            ("[::1]:5000", "::1"),
            ("[::1]", "::1"),
            ("LocalHost", "127.0.0.1"),
            // IPv4 at a socket that listens at `[::]`.
            ("127.0.0.1:5000", "::ffff:127.0.0.1"),
            ("[::ffff:127.0.0.1]:5000", "::ffff:127.0.0.1"),
        ] {
            assert_eq!(foreign(&request(&[("Host", host)], peer)), None, "{host} from {peer}");
        }
        for bad in [
            request(&[("Host", "127.0.0.1:5000")], "10.0.0.7"),
            request(&[("Host", "127.0.0.1:5000"), ("Origin", "http://evil.example")], "127.0.0.1"),
            request(&[("Host", "127.0.0.1:5000")], "::ffff:10.0.0.7"),
            request(&[("Host", "evil.example:5000")], "127.0.0.1"),
            request(&[("Host", "[::1]evil.example")], "127.0.0.1"),
        ] {
            assert!(foreign(&bad).is_some(), "{bad:?}");
        }
    }
}
