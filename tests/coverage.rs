//! docs/coverage.md is made of the table of operations: what is known, in which versions, and whether the cloud simulates it.
//! `BLESS=1 cargo test --test main coverage::` writes it anew.

use std::fmt::Write;

use mockstack::contract::{Contracts, Effect, Operation, ServiceContract};

use crate::common::{bless, contracts};

const HEAD: &str = "# Coverage

Every operation that the contracts know, by API version: its route, the versions in which it lives, and whether the simulated cloud answers
it. `no`: the request is checked and recorded, answered 501, and fails the verdict as `not-simulated`. `absent`: a path that clients probe
in vain, 404. `gone`: an API that the service removed, 410. Generated; `tests/coverage.rs` holds it to the table.
";

#[test]
fn the_page_is_the_table() {
    let contracts = contracts();
    let mut page = HEAD.to_owned();
    summary(contracts, &mut page);
    contracts.services().iter().for_each(|contract| section(contract, &mut page));
    bless::compare("docs/coverage.md", &page);
}

fn summary(contracts: &Contracts, page: &mut String) {
    let _ = write!(page, "\n| API version | operations | simulated |\n|---|---|---|\n");
    for contract in contracts.services() {
        let operations = &contract.table().unwrap().operations;
        let simulated = operations.iter().filter(|operation| operation.effect.is_some()).count();
        let _ = writeln!(page, "| [{0}](#{0}) | {1} | {simulated} |", contract.service.name, operations.len());
    }
}

fn section(contract: &ServiceContract, page: &mut String) {
    let service = &contract.service;
    let _ = write!(page, "\n## {}\n\n| operation | route | versions | simulated |\n|---|---|---|---|\n", service.name);
    for operation in contract.table().unwrap().operations.iter() {
        let name = operation.id.strip_prefix(&format!("{}.", service.name)).unwrap_or(&operation.id);
        let action = operation.action.as_ref().map(|action| format!(" {{{action}}}")).unwrap_or_default();
        let root = if operation.at_mount { "" } else { service.root.as_str() };
        let _ = writeln!(
            page,
            "| {name} | `{} {}{root}{}{action}` | {} | {} |",
            operation.method,
            service.mount,
            operation.path_text(),
            versions(contract, operation),
            simulated(operation)
        );
    }
}

fn versions(contract: &ServiceContract, operation: &Operation) -> String {
    match contract.service.microversions {
        Some(_) => (operation.lifetime & contract.service.versions()).within(contract.service.versions()).to_string(),
        None => "all".to_owned(),
    }
}

fn simulated(operation: &Operation) -> &'static str {
    match operation.effect {
        None => "no",
        Some(Effect::Absent) => "absent",
        Some(Effect::Gone) => "gone",
        Some(_) => "yes",
    }
}
