//! From a request to an operation and what its contract says.

use serde_json::Value;

use super::dress::Depth;
use super::read::{NO_BODY, Unreadable, body_of, too_large, wants_xml};
use crate::base::{Version, Versions, python_repr};
use crate::cloud::{Caller, Fault, no_token, unrouted};
use crate::contract::{
    Code, Dialect, Judgement, Match, Microversions, Negotiated, Operation, Part, Remedy, ServiceContract, Table,
    Unrouted, Violation, action_name, negotiate, no_such_action,
};
use crate::message::{Body, Query, Redactor, Request, Response};

/// A request on its way through the contract: what is known so far.
pub struct Judged<'c> {
    pub contract: &'c ServiceContract,
    pub operation: Option<&'c Operation>,
    pub version: Option<Version>,
    pub violations: Vec<Violation>,
    /// How many violations there are besides.
    pub more: usize,
    pub remedy: Option<Remedy>,
    /// The answer of the service that ends it here; `None`: the cloud may answer.
    pub answer: Option<Response>,
    /// Why the answer is no, where that is no violation.
    pub refusal: Option<(Code, String)>,
    pub depth: Depth,
    pub parameters: Vec<String>,
    pub project: Option<String>,
    /// Where the service was found, and where its API version: links lead there.
    pub mount: &'c str,
    pub root: &'c str,
    pub query: Query,
    pub body: &'c Value,
}

/// What the judge needs to know of the request and of who sent it.
pub struct Arrived<'a> {
    pub request: &'a Request,
    pub body: &'a Body,
    /// What keeps secrets out of what is said of it.
    pub redactor: &'a Redactor,
    pub caller: Option<&'a Caller>,
    pub origin: &'a str,
    /// Where the service is mounted.
    pub mount: &'a str,
    /// The path below the mount of the service.
    pub path: &'a str,
}

/// Takes a request through a service as far as its contract lets it: route, token, version, body, contract. The order is
/// Nova's: who has no token learns nothing else.
pub fn judge<'c>(contract: &'c ServiceContract, arrived: &Arrived<'c>) -> Judged<'c> {
    let mut judged = Judged {
        contract,
        operation: None,
        version: None,
        violations: Vec::new(),
        more: 0,
        remedy: None,
        answer: None,
        refusal: None,
        depth: Depth::default(),
        parameters: Vec::new(),
        project: None,
        mount: arrived.mount,
        root: &contract.service.root,
        query: arrived.request.query(),
        body: &NO_BODY,
    };
    let found = contract.route(&arrived.request.method, arrived.path);
    let needs_token = match &found {
        Ok(found) => found.operations.iter().all(|operation| operation.token),
        Err(why) => contract.service.dialect != Dialect::Keystone && *why != Unrouted::NoSuchRoot,
    };
    let always = matches!(contract.service.dialect, Dialect::Keystone | Dialect::Cinder);
    judged.depth.has_request_id = needs_token || always || !at_mount(&found);
    if let Some(unreadable) = too_large(arrived.request) {
        return judged.unreadable(unreadable);
    }
    if contract.service.redirects && arrived.path == contract.service.root && found.is_ok() {
        return judged.redirected(arrived, found.ok());
    }
    if needs_token && arrived.caller.is_none() {
        return judged.without_token(arrived, found.ok());
    }
    if let Some(unreadable) = wants_xml(&contract.service, arrived.request) {
        judged.operation = found.ok().and_then(|found| found.operations.first().copied());
        return judged.unreadable(unreadable);
    }
    match found {
        Err(why) => judged.unrouted(arrived, why),
        Ok(found) => judged.routed(arrived, found),
    }
}

/// Clients look for versions at the URLs of the catalog, then a step further up, and take a 404 for an answer.
const IN_CATALOG: &str = "There is nothing at this URL of the catalog itself.";

fn at_mount(found: &Result<Match<'_>, Unrouted>) -> bool {
    match found {
        Ok(found) => found.operations.iter().any(|operation| operation.at_mount),
        Err(why) => *why == Unrouted::NoSuchRoot,
    }
}

impl<'c> Judged<'c> {
    /// Takes note of why the answer is no: the one place in which a fault becomes a violation or a refusal.
    pub fn told_by(&mut self, fault: Fault) {
        let Some(code) = fault.violation() else {
            self.refusal = Some((fault.code, fault.message));
            return;
        };
        let found = fault.at.as_ref().and_then(|at| at.find(self.body)).map(python_repr);
        let pointer = fault.at.unwrap_or_default();
        let part = if pointer.0.is_empty() { Part::Path } else { Part::Body };
        let rule = self.operation.map(|operation| operation.place.clone());
        let violation = Violation::plain(code, part, "", fault.message, found.unwrap_or_default());
        self.violations.push(Violation { pointer, rule, ..violation });
    }

    /// The root without its slash: paste sends clients on, whoever they are.
    fn redirected(mut self, arrived: &Arrived<'_>, found: Option<Match<'c>>) -> Judged<'c> {
        self.operation = found.and_then(|found| found.operations.first().copied());
        let place = format!("{}{}{}/", arrived.origin, self.mount, self.contract.service.root);
        let answer = Response::empty(302).with("Content-Type", "text/plain; charset=utf8");
        self.answer = Some(answer.with("Location", place));
        self
    }

    fn without_token(mut self, arrived: &Arrived<'_>, found: Option<Match<'c>>) -> Judged<'c> {
        self.operation =
            found.filter(|found| found.operations.len() == 1).and_then(|found| found.operations.first().copied());
        // Before Glance the middleware stands outside of what gives requests an id.
        self.depth.has_request_id &= self.contract.service.dialect != Dialect::Glance;
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        let answer = no_token(self.contract.service.dialect, arrived.origin, accept);
        self.told_by(Fault::unauthorized());
        self.answer = Some(answer);
        self
    }

    fn unrouted(mut self, arrived: &Arrived<'_>, why: Unrouted) -> Judged<'c> {
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        let expected = match why {
            Unrouted::NoSuchRoot => "unknown: the service has no API version there",
            Unrouted::NoSuchPath => "unknown: the API has no such path",
            Unrouted::NoSuchMethod => "unknown: the path does not take this method",
        };
        let service = &self.contract.service;
        let is_reading = matches!(arrived.request.method.as_str(), "GET" | "HEAD");
        match is_reading && service.is_in_catalog(&arrived.request.path) {
            true => self.told_by(Fault::not_found(IN_CATALOG)),
            false => self.violations.push(Violation::plain(Code::UnknownOperation, Part::Path, "", expected, "")),
        }
        if (service.dialect, why) == (Dialect::Glance, Unrouted::NoSuchRoot) {
            // Glance tells of its versions wherever it is asked outside of them.
            let versions = self.contract.route("GET", "/").ok();
            self.operation = versions.and_then(|found| found.operations.first().copied());
            self.version = Some(Version::FIRST);
            return self;
        }
        self.answer = Some(match service.classic {
            true => Fault::not_found("The resource could not be found.").render(service.dialect, accept),
            false => unrouted(service.dialect, why, arrived.origin, arrived.path, accept),
        });
        if service.dialect == Dialect::Keystone && why == Unrouted::NoSuchMethod {
            self.answer = self.answer.map(|answer| answer.with("Allow", allowed(self.contract, arrived.path)));
        }
        self
    }

    fn routed(mut self, arrived: &Arrived<'c>, found: Match<'c>) -> Judged<'c> {
        self.parameters = found.parameters;
        self.project = found.project;
        let service = &self.contract.service;
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        let first = found.operations.first().copied();
        self.operation = first.filter(|_| found.operations.len() == 1);
        let relaxed = found.root.as_ref().is_some_and(|root| root.relaxed);
        if let Some(root) = found.root {
            self.root = root.path;
        }
        let negotiated = match relaxed {
            true => Ok(Negotiated { version: Version::LEGACY_V2, microversion: None }),
            false => negotiate(service, &arrived.request.headers),
        };
        match negotiated {
            Ok(negotiated) => {
                self.version = Some(negotiated.version);
                let is_told = service.dialect == Dialect::Cinder || !first.is_some_and(|operation| operation.at_mount);
                self.depth.version = negotiated.microversion.filter(|_| is_told);
            }
            Err(refused) => {
                let expected = refused.refusal.message.clone();
                self.depth.version = refused.echo;
                self.violations.push(Violation::plain(
                    Code::Version,
                    Part::Header,
                    "OpenStack-API-Version",
                    expected,
                    refused.sent,
                ));
                self.answer = Some(Fault::from(refused.refusal).render(service.dialect, accept));
                return self;
            }
        }
        match body_of(arrived.request, arrived.body, service.dialect, &found.operations) {
            Ok(body) => self.body = body,
            Err(unreadable) => return self.unreadable(*unreadable),
        }
        match self.dispatch(&found.operations, arrived) {
            Some(operation) => self.check(arrived, operation),
            None => self,
        }
    }

    fn unreadable(mut self, unreadable: Unreadable) -> Judged<'c> {
        self.violations.push(unreadable.violation);
        self.answer = Some(unreadable.answer);
        self
    }

    /// The row that is meant: the only one, or the one whose action the body names.
    fn dispatch(&mut self, operations: &[&'c Operation], arrived: &Arrived<'_>) -> Option<&'c Operation> {
        let is_action = operations.iter().any(|operation| operation.action.is_some());
        if !is_action {
            let media = arrived.request.media_type();
            let is_meant = |operation: &&&Operation| {
                operation.takes(media) && self.version.is_none_or(|version| operation.lifetime.contains(version))
            };
            return operations.iter().find(is_meant).or(operations.first()).copied();
        }
        let empty = matches!(arrived.body, Body::Empty);
        let refusal = match action_name(self.body) {
            Ok(name) => match operations.iter().find(|operation| operation.action.as_deref() == Some(name)) {
                Some(operation) => {
                    self.operation = Some(operation);
                    return Some(operation);
                }
                None => no_such_action(name),
            },
            Err(refusal) if empty => {
                crate::contract::Refusal { status: 400, message: "Malformed request body".to_owned(), ..refusal }
            }
            Err(refusal) => refusal,
        };
        let expected = format!("unknown: {}", refusal.message);
        self.violations.push(Violation::plain(Code::UnknownOperation, Part::Body, "", expected, ""));
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        self.answer = Some(Fault::from(refusal).render(self.contract.service.dialect, accept));
        None
    }

    fn check(mut self, arrived: &Arrived<'_>, operation: &'c Operation) -> Judged<'c> {
        self.operation = Some(operation);
        let service = &self.contract.service;
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        let version = self.version.unwrap_or(Version::FIRST);
        if let Some(fault) = self.foreign_project(arrived) {
            self.answer = Some(fault.render(service.dialect, accept));
            self.told_by(fault);
            return self;
        }
        if !operation.lifetime.contains(version) {
            self.violations.push(not_living(operation, service.versions(), version));
            self.answer = Some(Fault::not_found("The resource could not be found.").render(service.dialect, accept));
            return self;
        }
        match self.contract.table() {
            Ok(table) => self.judge_documents(table, operation, version, arrived),
            Err(_) => self,
        }
    }

    /// A project in the URL must be the token's.
    fn foreign_project(&self, arrived: &Arrived<'_>) -> Option<Fault> {
        let (asked, own) = (self.project.as_deref()?, arrived.caller?.project.as_deref().unwrap_or_default());
        let message =
            format!("Malformed request URL: URL's project_id '{asked}' doesn't match Context's project_id '{own}'");
        (asked != own).then(|| Fault::new(Code::Policy, 400, message))
    }

    fn judge_documents(
        mut self,
        table: &Table,
        operation: &'c Operation,
        version: Version,
        arrived: &Arrived<'_>,
    ) -> Judged<'c> {
        let service = &self.contract.service;
        let accept = arrived.request.headers.get("Accept").unwrap_or_default();
        let (query, api) = (self.query.to_document(), service.versions());
        let judgement = Judgement::new(operation, &table.schemas, api, Some(&query), self.body);
        let Some(refusal) = judgement.refusal(service.dialect, version, &query, self.body) else { return self };
        let marks = Some(operation.marks(&table.schemas));
        let redaction = arrived.redactor.inspect(marks, arrived.request, arrived.body, None);
        let violation = |(subject, finding): &(crate::contract::Subject, crate::contract::Finding)| {
            let document = if *subject == crate::contract::Subject::Query { &query } else { self.body };
            Violation::new(*subject, finding, document, api, version, &redaction)
        };
        self.violations = judgement.at(version).map(violation).collect();
        self.more = judgement.more_at(version);
        let header = service.told_apart().and_then(Microversions::header);
        self.remedy = Some(Remedy::find(&judgement, &table.schemas, self.body, version, header.as_deref()));
        self.answer = Some(Fault::from(refusal).render(service.dialect, accept));
        self
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
    let lives = operation.lifetime.within(api);
    let later = operation.lifetime.iter().any(|living| living > version);
    let (code, expected) = match later {
        true => (Code::NotYet, format!("not yet: the operation lives in {lives}, you sent {version}")),
        false => (Code::NoLonger, format!("no longer: the operation lived in {lives}, you sent {version}")),
    };
    Violation { rule: Some(operation.place.clone()), ..Violation::plain(code, Part::Path, "", expected, "") }
}
