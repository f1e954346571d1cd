//! docs/coverage.md is made of the table of operations: what is known, in which versions, and whether the cloud simulates it.
//! `BLESS=1 cargo test --test main coverage::` writes it anew.

use std::fmt::Write;

use mockstack::contract::{Contracts, Effect, Operation, ServiceContract};

use crate::common::{bless, contracts};

const HEAD: &str = "# Coverage

Every operation that the contracts know, by API version: its route, the versions in which it lives, and whether the simulated cloud answers
it. `no`: the request is checked and recorded, answered 501, and fails the verdict as `not-simulated`. `lacking`: the service has the route,
and mockstack nothing but that; answered and judged as `no`, without a check. `absent`: a path that clients probe
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
        None if operation.only_routed => "lacking",
        None => "no",
        Some(Effect::Absent) => "absent",
        Some(Effect::Gone) => "gone",
        Some(_) => "yes",
    }
}

/// The lists of routes were made from the services themselves: what mockstack answers is among them.
#[test]
fn whatever_is_simulated_is_a_route_of_the_service() {
    for contract in contracts().services() {
        let service = &contract.service;
        let operations = &contract.table().unwrap().operations;
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(&*operations[0].place.file)
            .with_file_name("routes.yaml");
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        // Icehouse's list is of what Nova removed since: nobody runs one to ask it for the rest.
        if service.name == "compute-v2" {
            continue;
        }
        let lists: std::collections::HashMap<String, Vec<String>> = serde_yaml::from_str(&text).unwrap();
        let listed: Vec<String> = lists["routes"].iter().map(|route| nameless(route)).collect();
        let simulated = operations.iter().filter(|row| {
            !row.only_routed
                && !row.at_mount
                && !row.path.is_empty()
                && !matches!(row.effect, None | Some(Effect::Absent | Effect::Gone))
        });
        for row in simulated {
            let route = nameless(&format!("{} {}", row.method, row.path_text()));
            let is_listed = listed.iter().any(|other| leads_to(other, &route)) || row.method == "HEAD";
            assert!(is_listed, "{}: {} does not have {route}", row.id, service.name);
        }
    }
}

/// Does a request for `route` get to `listed`? To Cinder the type `default` is one that `/types/{id}` shows.
fn leads_to(listed: &str, route: &str) -> bool {
    let pairs = listed.split('/').zip(route.split('/'));
    listed.matches('/').count() == route.matches('/').count()
        && pairs.into_iter().all(|(own, asked)| own == asked || own == "{}")
}

/// A route without the names of its parameters.
fn nameless(route: &str) -> String {
    route.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}
