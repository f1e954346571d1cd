//! A request held against its contract alone, without a cloud that knows tokens and resources.

use std::sync::Arc;

use super::judge::{Arrived, judge};
use crate::cloud::Caller;
use crate::contract::{Contracts, Mounted, Violation};
use crate::message::Request;

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
    let judged = judge(contract, &Arrived { request, body: &body, caller: Some(&caller), origin: "", mount, path });
    Some(Examined {
        operation: judged.operation.map(|operation| Arc::clone(&operation.id)),
        violations: judged.violations,
    })
}
