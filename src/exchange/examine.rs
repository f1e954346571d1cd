//! Judges a request by its contract alone, without a cloud that knows tokens and resources.

use std::sync::Arc;

use jiff::Timestamp;

use super::call::Call;
use super::judge::judge;
use crate::contract::{Contracts, Violation};
use crate::message::{Redactor, Request};

/// The judgement of a request by a contract.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// What is wrong with it.
    pub violations: Vec<Violation>,
}

/// Holds `request` against the contract that is mounted at its path; `None` if none is. Any token is good enough.
pub fn examine(contracts: &Contracts, request: &Request) -> Option<Examined> {
    let (body, redactor) = (request.read_body(), Redactor::default());
    let call = Call::new(contracts, &redactor, request, &body, Timestamp::UNIX_EPOCH).by_anyone();
    call.mounted?;
    let ruling = judge(contracts, &call);
    let redaction = redactor.inspect(ruling.target.marks(), request, &body, None);
    let mut violations = ruling.findings.violations;
    violations.iter_mut().for_each(|violation| violation.redact(&redaction));
    Some(Examined { operation: ruling.target.operation.map(|operation| Arc::clone(&operation.id)), violations })
}
