//! What is wrong with a request, as shown to the developer of its client.

use super::call::Call;
use super::ruling::{Next, Ruling};
use crate::base::{Diagnostic, Version, Versions};
use crate::contract::{Code, Contracts, Part, Violation, complaint};
use crate::message::Request;
use crate::recording::Valid;

/// The violations as they are reported, with a fix; `None` if there are none.
pub fn diagnose(contracts: &Contracts, call: &Call<'_>, ruling: &Ruling<'_>) -> Option<Diagnostic> {
    let violations = &ruling.findings.violations;
    if violations.is_empty() {
        return None;
    }
    let service = ruling.target.contract.map(|contract| &contract.service);
    let version = ruling.target.version.filter(|_| service.is_some_and(|service| service.told_apart().is_some()));
    let operation = ruling.target.operation.map(|operation| operation.id.as_ref());
    let versions = service.map_or(Versions::NONE, |service| service.versions());
    let headline = headline(call.request, operation, version);
    let complaint = complaint(headline, violations, ruling.findings.more, ruling.remedy.as_ref(), versions);
    Some(complaint.row_if("right as", right_elsewhere(contracts, ruling)))
}

/// Where the request would be right, as far as versions can tell.
pub fn valid(ruling: &Ruling<'_>) -> Option<Valid> {
    let service = &ruling.target.contract?.service;
    service.told_apart()?;
    ruling.remedy.as_ref().map(|remedy| Valid::of(remedy, service.versions()))
}

/// A body whose shape is wrong may be one of another version of the API.
fn right_elsewhere(contracts: &Contracts, ruling: &Ruling<'_>) -> Option<String> {
    let is_shape = |violation: &Violation| violation.part == Part::Body && violation.code != Code::Reference;
    match &ruling.next {
        Next::Ask { question, .. } if ruling.findings.violations.iter().any(is_shape) => {
            contracts.right_as(question.contract, question.operation, question.body)
        }
        _ => None,
    }
}

/// `POST /compute/v2.1/servers   compute.servers.create   microversion 2.37`
fn headline(request: &Request, operation: Option<&str>, version: Option<Version>) -> String {
    if request.method.is_empty() {
        return "bytes that are not a request".to_owned();
    }
    let mut headline = format!("{} {}", request.method, request.path);
    if let Some(operation) = operation {
        headline += &format!("   {operation}");
    }
    if let Some(version) = version {
        headline += &format!("   microversion {version}");
    }
    headline
}
