//! A request held against its contract alone, without a cloud that knows tokens and resources.

use std::sync::Arc;

use super::judge::{Arrived, judge};
use crate::cloud::Caller;
use crate::contract::{Contracts, Mounted, Violation};
use crate::message::{Redactor, Request};

/// What a contract says of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// What is wrong with it.
    pub violations: Vec<Violation>,
}

/// Holds `request` against the contract that is mounted at its path; `None` if none is. Any token is good enough.
pub fn examine(contracts: &Contracts, request: &Request) -> Option<Examined> {
    let Mounted { contract, mount, path } = contracts.asked(&request.method, &request.path)?;
    let project = contract.route(&request.method, path).ok().and_then(|found| found.project);
    let caller = Caller { project, admin: true, ..Caller::default() };
    let body = request.read_body();
    let redactor = Redactor::default();
    let arrived = Arrived { request, body: &body, redactor: &redactor, caller: Some(&caller), origin: "", mount, path };
    let mut judged = judge(contract, &arrived);
    let marks = judged.operation.zip(contract.table().ok()).map(|(operation, table)| operation.marks(&table.schemas));
    let redaction = redactor.inspect(marks, request, &body, None);
    judged.violations.iter_mut().for_each(|violation| violation.redact(&redaction));
    Some(Examined {
        operation: judged.operation.map(|operation| Arc::clone(&operation.id)),
        violations: judged.violations,
    })
}
