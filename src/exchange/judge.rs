//! From a request to an operation and what its contract says.

use super::call::Call;
use super::foreign;
use super::ignored::List;
use super::read::{NO_BODY, Unreadable, body_of, too_large, wants_xml};
use super::ruling::{Findings, Next, Question, Ruling, Target};
use super::service_headers::Depth;
use crate::base::json::Value;
use crate::base::{Version, Versions};
use crate::cloud::{Asked, Fault, Manner, manner};
use crate::contract::{
    Code, Contracts, Finding, Judgement, Match, Microversions, Mounted, Negotiated, Operation, Part, Refusal, Remedy,
    ServiceContract, Subject, Table, Unrouted, Violation, action_name, negotiate, no_such_action,
};
use crate::message::{Body, Query, Request, Response};

/// Takes a request through a service as far as its contract lets it: route, token, version, body, contract. The order is
/// Nova's: who has no token learns nothing else.
pub fn judge<'c>(contracts: &'c Contracts, call: &Call<'c>) -> Ruling<'c> {
    let mut ruling = match call.mounted {
        Some(mounted) => Judge::new(contracts, call, mounted).ruling(),
        None => unmounted(contracts),
    };
    tell_of_other_releases(contracts, call.request, &mut ruling.findings.violations);
    ruling
}

/// No service is at the path.
fn unmounted(contracts: &Contracts) -> Ruling<'_> {
    let mut mounts: Vec<&str> = contracts.living().map(|contract| contract.service.mount.as_str()).collect();
    mounts.dedup();
    let expected = format!("unknown: no service is mounted there; they are at {}", mounts.join(", "));
    let body = crate::base::json::json!({"error": {"code": 404, "title": "Not Found", "message": expected}});
    let violation = Violation::plain(Code::UnknownOperation, Part::Path, "", expected, "");
    astray(violation, Response::json(404, body))
}

/// The ruling on bytes that are not an HTTP request.
pub fn garbage(why: &str) -> Ruling<'static> {
    let expected = format!("malformed: the bytes that arrived are not an HTTP request ({why})");
    astray(Violation::plain(Code::Malformed, Part::Path, "", expected, ""), Response::empty(400))
}

fn astray<'c>(violation: Violation, answer: Response) -> Ruling<'c> {
    Ruling {
        target: Target::default(),
        findings: Findings { violations: vec![violation], ..Findings::default() },
        remedy: None,
        depth: Depth::default(),
        next: Next::Answer(answer),
    }
}

/// A path that leads nowhere may lead somewhere in another release.
fn tell_of_other_releases(contracts: &Contracts, request: &Request, violations: &mut [Violation]) {
    let unknown = violations.iter_mut().find(|v| v.code == Code::UnknownOperation && v.part == Part::Path);
    if let Some(violation) = unknown
        && let Some(releases) = contracts.elsewhere(&request.method, &request.path)
    {
        let own = contracts.release().map_or("", |release| release.name.as_str());
        violation.expected = format!("unknown in {own}: the operation lives in {releases}");
    }
}

/// What is known of a request on its way through the contract. Its steps return the answer of the service that ends the way;
/// `None`: the request is right so far.
struct Judge<'a, 'c> {
    contracts: &'c Contracts,
    call: &'a Call<'c>,
    contract: &'c ServiceContract,
    mount: &'c str,
    path: &'c str,
    operation: Option<&'c Operation>,
    version: Option<Version>,
    findings: Findings,
    remedy: Option<Remedy>,
    depth: Depth,
    parameters: Vec<String>,
    project: Option<String>,
    root: &'c str,
    region: &'c str,
    query: Query,
    body: &'c Value,
}

/// Clients look for versions at the URLs of the catalog, then a step further up, and take a 404 for an answer.
const IN_CATALOG: &str = "There is nothing at this URL of the catalog itself.";

fn at_mount(found: &Result<Match<'_>, Unrouted>) -> bool {
    match found {
        Ok(found) => found.operations.iter().any(|operation| operation.at_mount),
        Err(why) => *why == Unrouted::NoSuchRoot,
    }
}

impl<'a, 'c> Judge<'a, 'c> {
    fn new(contracts: &'c Contracts, call: &'a Call<'c>, mounted: Mounted<'c, 'c>) -> Judge<'a, 'c> {
        let Mounted { contract, mount, path, endpoint: region } = mounted;
        Judge {
            contracts,
            call,
            contract,
            mount,
            region,
            path,
            operation: None,
            version: None,
            findings: Findings::default(),
            remedy: None,
            depth: Depth::default(),
            parameters: Vec::new(),
            project: None,
            root: &contract.service.root,
            query: call.request.query(),
            body: &NO_BODY,
        }
    }

    fn ruling(mut self) -> Ruling<'c> {
        let answer = self.answer();
        let target = Target { contract: Some(self.contract), operation: self.operation, version: self.version };
        let may_be_asked = self.findings.refusal.is_none();
        let next = match (self.operation.filter(|_| may_be_asked), self.version, self.contract.table()) {
            (Some(operation), Some(version), Ok(table)) => Next::Ask {
                question: Question {
                    contract: self.contract,
                    table,
                    operation,
                    version,
                    parameters: self.parameters,
                    project: self.project,
                    mount: self.mount,
                    root: self.root,
                    region: self.region,
                    query: self.query,
                    body: self.body,
                    pace: None,
                },
                refusal: answer,
            },
            // A contract that cannot be read is a defect.
            _ => Next::Answer(answer.unwrap_or_else(|| Response::empty(500))),
        };
        Ruling { target, findings: self.findings, remedy: self.remedy, depth: self.depth, next }
    }

    fn answer(&mut self) -> Option<Response> {
        let (contract, call) = (self.contract, self.call);
        let found = contract.route(&call.request.method, self.path);
        let needs_token = match &found {
            Ok(found) => found.operations.iter().all(|operation| operation.token),
            Err(why) => self.manner().token_before_path && *why != Unrouted::NoSuchRoot,
        };
        self.depth.has_request_id = needs_token || self.manner().id_at_mount || !at_mount(&found);
        if let Some(unreadable) = too_large(call.request) {
            return self.unreadable(unreadable);
        }
        if contract.service.redirects && self.path == contract.service.root && found.is_ok() {
            return self.redirected(found.ok());
        }
        if contract.service.needs_slash && self.path == contract.service.root && found.is_ok() {
            self.told_by(Fault::not_found("There is nothing at this root without a slash at its end."));
            return Some((self.manner().unrouted)(&self.asked(), Unrouted::NoSuchPath));
        }
        if needs_token && call.caller.is_none() {
            return self.without_token(found.ok());
        }
        if let Some(unreadable) = wants_xml(&contract.service, call.request) {
            self.operation = found.ok().and_then(|found| found.operations.first().copied());
            return self.unreadable(unreadable);
        }
        match found {
            Err(why) => self.unrouted(why),
            Ok(found) => self.routed(found),
        }
    }

    fn told_by(&mut self, fault: Fault) {
        self.findings.told_by(fault, self.operation, self.body);
    }

    /// The root without its slash: paste sends clients on, whoever they are.
    fn redirected(&mut self, found: Option<Match<'c>>) -> Option<Response> {
        self.operation = found.and_then(|found| found.operations.first().copied());
        let place = format!("{}{}{}/", self.call.origin, self.mount, self.contract.service.root);
        let answer = Response::empty(302).with("Content-Type", "text/plain; charset=utf8");
        Some(answer.with("Location", place))
    }

    fn without_token(&mut self, found: Option<Match<'c>>) -> Option<Response> {
        self.operation =
            found.filter(|found| found.operations.len() == 1).and_then(|found| found.operations.first().copied());
        self.depth.has_request_id &= self.manner().id_without_token;
        self.told_by(Fault::unauthorized());
        Some((self.manner().no_token)(&self.asked()))
    }

    fn manner(&self) -> &'static Manner {
        manner(self.contract.service.dialect)
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            origin: &self.call.origin,
            method: &self.call.request.method,
            path: self.path,
            accept: self.call.accept(),
        }
    }

    fn refused(&self, fault: &Fault) -> Response {
        fault.render(self.contract.service.dialect, self.call.accept())
    }

    fn unrouted(&mut self, why: Unrouted) -> Option<Response> {
        let expected = match why {
            Unrouted::NoSuchRoot => "unknown: the service has no API version there",
            Unrouted::NoSuchPath => "unknown: the API has no such path",
            Unrouted::NoSuchMethod => "unknown: the path does not take this method",
        };
        let (service, request) = (&self.contract.service, self.call.request);
        let is_reading = matches!(request.method.as_str(), "GET" | "HEAD");
        let tells_versions = self.manner().tells_versions_anywhere && why == Unrouted::NoSuchRoot;
        match is_reading && !tells_versions && service.is_in_catalog(&request.path) {
            true => self.told_by(Fault::not_found(IN_CATALOG)),
            false => {
                self.findings.violations.push(Violation::plain(Code::UnknownOperation, Part::Path, "", expected, ""));
            }
        }
        if tells_versions {
            let versions = self.contract.route("GET", "/").ok();
            self.operation = versions.and_then(|found| found.operations.first().copied());
            self.version = Some(Version::FIRST);
            return None;
        }
        let answer = match service.classic {
            true => self.refused(&Fault::no_resource()),
            false => (self.manner().unrouted)(&self.asked(), why),
        };
        Some(match answer.status {
            405 => answer.with("Allow", allowed(self.contract, self.path)),
            _ => answer,
        })
    }

    fn routed(&mut self, found: Match<'c>) -> Option<Response> {
        self.parameters = found.parameters;
        self.project = found.project;
        let (service, request) = (&self.contract.service, self.call.request);
        let first = found.operations.first().copied();
        self.operation = first.filter(|_| found.operations.len() == 1);
        let relaxed = found.root.as_ref().is_some_and(|root| root.relaxed);
        if let Some(root) = found.root {
            self.root = root.path;
        }
        let negotiated = match relaxed {
            true => Ok(Negotiated { version: Version::LEGACY_V2, microversion: None }),
            false => negotiate(service, &request.headers),
        };
        match negotiated {
            Ok(negotiated) => {
                self.version = Some(negotiated.version);
                let is_told = self.manner().version_at_mount || !first.is_some_and(|operation| operation.at_mount);
                self.depth.version = negotiated.microversion.filter(|_| is_told);
                self.depth.is_negotiated = true;
            }
            Err(refused) => {
                let expected = refused.refusal.message.clone();
                self.depth.version = refused.echo;
                self.depth.is_negotiated = refused.echo.is_some();
                self.findings.violations.push(Violation::plain(
                    Code::Version,
                    Part::Header,
                    &refused.header,
                    expected,
                    refused.sent,
                ));
                return Some(self.refused(&Fault::from(*refused.refusal)));
            }
        }
        match body_of(request, self.call.body, service.dialect, &found.operations) {
            Ok(body) => self.body = body,
            Err(unreadable) => return self.unreadable(*unreadable),
        }
        match self.dispatch(&found.operations) {
            Ok(Some(operation)) => self.check(operation),
            Ok(None) => None,
            Err(refusal) => Some(*refusal),
        }
    }

    fn unreadable(&mut self, unreadable: Unreadable) -> Option<Response> {
        self.findings.violations.push(unreadable.violation);
        Some(unreadable.answer)
    }

    /// The row that is meant: the only one, or the one whose action the body names.
    fn dispatch(&mut self, operations: &[&'c Operation]) -> Result<Option<&'c Operation>, Box<Response>> {
        let is_action = operations.iter().any(|operation| operation.action.is_some());
        if !is_action {
            let media = self.call.request.media_type();
            let is_meant = |operation: &&&Operation| {
                operation.takes(media) && self.version.is_none_or(|version| operation.lifetime.contains(version))
            };
            return Ok(operations.iter().find(is_meant).or(operations.first()).copied());
        }
        let empty = matches!(self.call.body, Body::Empty);
        let refusal = match action_name(self.body) {
            Ok(name) => match operations.iter().find(|operation| operation.action.as_deref() == Some(name)) {
                Some(operation) => {
                    self.operation = Some(operation);
                    return Ok(Some(operation));
                }
                None => no_such_action(name, self.contract.service.dialect),
            },
            Err(refusal) if empty => Refusal { status: 400, message: "Malformed request body".to_owned(), ..refusal },
            Err(refusal) => refusal,
        };
        let expected = format!("unknown: {}", refusal.message);
        self.findings.violations.push(Violation::plain(Code::UnknownOperation, Part::Body, "", expected, ""));
        Err(Box::new(self.refused(&Fault::from(refusal))))
    }

    fn check(&mut self, operation: &'c Operation) -> Option<Response> {
        self.operation = Some(operation);
        let service = &self.contract.service;
        let version = self.version.unwrap_or(Version::FIRST);
        if let Some(fault) = self.foreign(operation) {
            let answer = self.refused(&fault);
            self.told_by(fault);
            return Some(answer);
        }
        if !operation.lifetime.contains(version) {
            self.findings.violations.push(not_living(operation, service.versions(), version));
            return Some(self.refused(&Fault::no_resource()));
        }
        let refusal = self.judge_documents(self.contract.table().ok()?, operation, version);
        if refusal.is_none() {
            let admin = self.call.caller.as_ref().is_some_and(|caller| caller.admin);
            let list = List { contracts: self.contracts, service, operation, version, admin };
            self.findings.violations.extend(list.ignored(&self.query));
            // The service would do it: the cloud does too, and the verdict tells.
            self.findings.violations.extend(self.contracts.team_rules(operation, self.body));
        }
        refusal
    }

    fn foreign(&self, operation: &Operation) -> Option<Fault> {
        let caller = self.call.caller.as_ref()?;
        let in_url = self.project.as_deref().and_then(|asked| foreign::project_in_url(asked, caller));
        in_url.or_else(|| foreign::owner_in_body(self.manner(), operation, self.body, caller))
    }

    fn judge_documents(&mut self, table: &Table, operation: &Operation, version: Version) -> Option<Response> {
        let service = &self.contract.service;
        let (query, api) = (self.query.to_document(), service.versions());
        let judgement = Judgement::new(operation, &table.schemas, api, Some(&query), self.body);
        let refusal = judgement.refusal(service.dialect, version, &query, self.body)?;
        let Call { request, body, redactor, .. } = *self.call;
        let redaction = redactor.inspect(Some(operation.marks(&table.schemas)), request, body, None);
        let violation = |(subject, finding): &(Subject, Finding)| {
            let document = if *subject == Subject::Query { &query } else { self.body };
            Violation::new(*subject, finding, document, api, version, &redaction)
        };
        self.findings.violations = judgement.at(version).map(violation).collect();
        self.findings.more = judgement.more_at(version);
        let header = service.told_apart().and_then(Microversions::header);
        self.remedy = Some(Remedy::find(&judgement, &table.schemas, self.body, version, header.as_deref()));
        Some(self.refused(&Fault::from(refusal)))
    }
}

/// The methods that a path takes; Flask adds two of its own.
fn allowed(contract: &ServiceContract, path: &str) -> String {
    let takes = |method: &&str| {
        *method == "OPTIONS"
            || contract.route(method, path).is_ok()
            || (*method == "HEAD" && contract.route("GET", path).is_ok())
    };
    let all = ["POST", "HEAD", "GET", "PUT", "PATCH", "DELETE", "OPTIONS"];
    all.iter().filter(|method| takes(method)).copied().collect::<Vec<_>>().join(", ")
}

fn not_living(operation: &Operation, api: Versions, version: Version) -> Violation {
    let lives = operation.lifetime.lives(api);
    let later = operation.lifetime.iter().any(|living| living > version);
    let (code, expected) = match later {
        true => (Code::NotYet, format!("not yet: the operation lives in {lives}, you sent {version}")),
        false => (Code::NoLonger, format!("no longer: the operation lived in {lives}, you sent {version}")),
    };
    Violation { rule: Some(operation.place.clone()), ..Violation::plain(code, Part::Path, "", expected, "") }
}
