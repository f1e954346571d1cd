//! What is wrong with a rule of `--allow` and `--deny` before anything runs.

use crate::base::Diagnostic;
use crate::contract::{Code, Contracts};
use crate::report::Rule;

/// Refuses a rule about an operation that does not exist.
///
/// # Errors
/// The operation does not exist.
pub fn check_rule(contracts: &Contracts, rule: &Rule) -> Result<(), Diagnostic> {
    let Some(operation) = rule.operation.as_deref() else { return Ok(()) };
    match contracts.operation(operation)? {
        Some(_) => Ok(()),
        None => Err(contracts.no_operation(operation).row("found", rule.to_string())),
    }
}

/// Refuses a rule about what only the simulated cloud knows: it would never fail.
///
/// # Errors
/// It is about what is left behind.
pub fn of_a_cloud_of_ours(rule: &Rule) -> Result<(), Diagnostic> {
    match rule.code {
        Code::Leftover => Err(Diagnostic::new("only the simulated cloud knows what is left behind")
            .row("found", format!("--deny {rule}"))
            .row("fix", "leave it to `run` and `serve`, whose recordings keep it for `report`")),
        _ => Ok(()),
    }
}
