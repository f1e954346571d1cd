//! `mockstack contract list | show | check`; the others are files of their own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use super::contract_diff::ContractDiff;
use super::contract_export::ContractExport;
use super::failure::Failure;
use super::print::{gone_is_fine, print, tell};
use crate::base::json::{Map, Value, json};
use crate::base::{Diagnostic, Microversion, Version, Versions, open_file};
use crate::contract::{Contracts, Operation, SchemaId, ServiceContract, Table, example, judge_case, prune};
use crate::report::Exit;

/// The table of operations.
#[derive(Debug, Args)]
pub struct Contract {
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR", global = true)]
    contracts: Option<PathBuf>,
    /// The OpenStack release whose table is used [default: the newest]
    #[arg(long, value_name = "NAME", global = true)]
    release: Option<String>,
    #[command(subcommand)]
    view: View,
}

/// What to do with the table.
#[derive(Debug, Subcommand)]
enum View {
    /// List every operation: its id, its route, and the versions in which it exists
    List {
        /// Only operations whose id, route or client contains this
        filter: Option<String>,
    },
    /// Show one operation: route, versions, answers, and the schemas of one version
    #[command(after_help = "Example:\n  mockstack contract show compute.servers.create --microversion 2.37")]
    Show {
        /// The id; the service may be left out: servers.create
        operation: String,
        /// The version whose schemas are shown [default: the newest]
        #[arg(long)]
        microversion: Option<String>,
        /// The output format
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ShowAs,
    },
    /// Show what the body of one operation has to be at one version: its schema, and an example that is right
    #[command(after_help = "Example:\n  mockstack contract explain-body servers.create --microversion 2.37")]
    ExplainBody {
        /// The id; the service may be left out: servers.create
        operation: String,
        /// The version [default: the newest]
        #[arg(long)]
        microversion: Option<String>,
    },
    /// Judge requests given as JSON lines: {"id", "op", "microversion", "body", "query"}
    #[command(after_help = CHECK_HELP)]
    Check {
        /// The file of cases; - is standard input
        #[arg(long, value_name = "FILE")]
        cases: PathBuf,
    },
    Diff(ContractDiff),
    Export(ContractExport),
}

/// How a row is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowAs {
    /// For people
    Text,
    /// For programs
    Json,
}

const CHECK_HELP: &str = "\
Writes one line for each case, in order: {\"id\", \"valid\", \"status\", \"message\", \"path\", \"code\", \"microversions\"}.
Requests are judged without a cloud: nothing that a request names is looked up.

Example:
  echo '{\"op\": \"servers.create\", \"microversion\": \"2.37\", \"body\": {\"server\": {}}}' | mockstack contract check --cases -";

impl Contract {
    /// Runs it and returns the exit code.
    pub fn main(&self) -> Result<i32, Failure> {
        let mut contracts = Contracts::load(self.contracts.as_deref())?;
        if let Some(release) = &self.release {
            contracts = contracts.of_release(release)?;
        }
        match &self.view {
            View::List { filter } => list(&contracts, filter.as_deref().unwrap_or_default()),
            View::Show { operation, microversion, format: ShowAs::Text } => {
                show(&contracts, operation, microversion.as_deref())
            }
            View::Show { operation, microversion, format: ShowAs::Json } => {
                show_json(&contracts, operation, microversion.as_deref())
            }
            View::ExplainBody { operation, microversion } => {
                explain_body(&contracts, operation, microversion.as_deref())
            }
            View::Check { cases } => check(&contracts, cases),
            View::Diff(diff) => diff.main(&contracts),
            View::Export(export) => export.main(&contracts),
        }
    }
}

fn list(contracts: &Contracts, filter: &str) -> Result<i32, Failure> {
    let mut text = String::new();
    for contract in contracts.living() {
        let own = contract.table()?.operations.iter().map(|operation| (operation, versions(contract, operation)));
        let rest = contracts.rows_of_fallback(contract)?.into_iter().map(|operation| (operation, String::new()));
        for (operation, versions) in own.chain(rest) {
            let route = contract.route_text(operation);
            let client = operation.client.as_deref().unwrap_or_default();
            if [operation.id.as_ref(), route.as_str(), client].iter().any(|text| text.contains(filter)) {
                text += &format!("{:42} {route:50} {versions}\n", operation.id);
            }
        }
    }
    if text.is_empty() {
        return Err(Diagnostic::new(format!("nothing matches {filter:?}"))
            .row("expected", "part of an operation's id, route or client, such as servers or os-keypairs")
            .row("fix", "leave it out to see all operations")
            .into());
    }
    print(text)?;
    Ok(0)
}

/// The versions in which the operation exists; nothing if its service has no microversions.
fn versions(contract: &ServiceContract, operation: &Operation) -> String {
    match contract.service.microversions {
        Some(_) => (operation.lifetime & contract.service.versions()).within(contract.service.versions()).to_string(),
        None => String::new(),
    }
}

fn show(contracts: &Contracts, id: &str, microversion: Option<&str>) -> Result<i32, Failure> {
    let (contract, operation) = contracts.operation(id)?.ok_or_else(|| contracts.no_operation(id))?;
    let version = version(contract, microversion)?;
    let others: Vec<_> = contracts.operations_named(id)?.into_iter().filter(|other| *other != operation.id).collect();
    let text = Diagnostic::new(operation.id.as_ref())
        .row_if("same name", (!others.is_empty()).then(|| others.join(", ")))
        .row("route", contract.route_text(operation))
        .row_if("versions", contract.service.told_apart().is_some().then(|| versions(contract, operation)))
        .row_if("releases", contracts.lives_in(contract))
        .row_if("client", operation.client.as_ref())
        .row("controller", controller(operation))
        .row_if("service", operation.source.as_ref())
        .row("rule", operation.place.short())
        .row_if(
            "faults",
            (!operation.faults.is_empty())
                .then(|| operation.faults.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")),
        );
    let at = contract.service.microversions.as_ref().map(|_| format!(" at {version}")).unwrap_or_default();
    print(format!("{text}{}", schemas(contract.table()?, operation, version, &at)))?;
    Ok(0)
}

/// The row as JSON: its facts, and the schemas of one version.
fn show_json(contracts: &Contracts, id: &str, microversion: Option<&str>) -> Result<i32, Failure> {
    let (contract, operation) = contracts.operation(id)?.ok_or_else(|| contracts.no_operation(id))?;
    let version = version(contract, microversion)?;
    let schemas = &contract.table()?.schemas;
    let plain = |id: Option<SchemaId>| id.map(|id| prune(schemas, id, version));
    let answers: Map = operation
        .responses
        .iter()
        .filter(|row| row.versions.contains(version))
        .map(|row| (row.status.to_string(), plain(row.body).unwrap_or_default()))
        .collect();
    let shown = json!({
        "id": *operation.id,
        "route": contract.route_text(operation),
        "versions": versions(contract, operation),
        "version": version.to_string(),
        "client": operation.client,
        "rule": operation.place.short(),
        "faults": operation.faults,
        "query": plain(operation.query),
        "body": plain(operation.body),
        "answers": Value::Object(answers)
    });
    print(format!("{shown:#}\n"))?;
    Ok(0)
}

fn explain_body(contracts: &Contracts, id: &str, microversion: Option<&str>) -> Result<i32, Failure> {
    let (contract, operation) = contracts.operation(id)?.ok_or_else(|| contracts.no_operation(id))?;
    let version = version(contract, microversion)?;
    let schemas = &contract.table()?.schemas;
    let at = contract.service.told_apart().map(|_| format!(" at {version}")).unwrap_or_default();
    let Some(body) = operation.body else {
        print(format!("{} takes no body that a schema describes\n", operation.id))?;
        return Ok(0);
    };
    let mut text = format!("{}{at} takes:\n{:#}\n", operation.id, prune(schemas, body, version));
    if let Some(example) = example(schemas, operation, contract.service.versions(), version) {
        text += &format!("\nfor example:\n{example:#}\n");
    }
    print(text)?;
    Ok(0)
}

/// In the terms of the service: `servers, action create`. An id names both.
fn controller(operation: &Operation) -> String {
    let own = operation.name();
    let (controller, action) = own.rsplit_once('.').unwrap_or((own, ""));
    format!("{}, action {action}", controller.strip_suffix(".action").unwrap_or(controller))
}

fn schemas(table: &Table, operation: &Operation, version: Version, at: &str) -> String {
    let mut out = String::new();
    let shown = |what: &str, schema: Value| format!("\n{what}{at}:\n{schema:#}\n");
    if let Some(id) = operation.query {
        out += &shown("query", prune(&table.schemas, id, version));
    }
    if let Some(id) = operation.body {
        out += &shown("body", prune(&table.schemas, id, version));
    }
    for row in operation.responses.iter().filter(|row| row.versions.contains(version)) {
        match row.body {
            Some(id) => out += &shown(&format!("answer {}", row.status), prune(&table.schemas, id, version)),
            None => out += &format!("\nanswer {} has no body that a schema describes\n", row.status),
        }
    }
    out
}

/// The requested version, or the newest.
fn version(contract: &ServiceContract, asked: Option<&str>) -> Result<Version, Diagnostic> {
    let api = contract.service.versions();
    let newest = api.iter().last().unwrap_or(Version::FIRST);
    let Some(text) = asked else { return Ok(newest) };
    let wrong = || {
        Diagnostic::new(format!("{} has no version {text:?}", contract.service.name))
            .row("expected", api.within(Versions::ALL).to_string())
    };
    match text {
        "latest" => Ok(newest),
        "legacy_v2" => Ok(Version::LEGACY_V2),
        _ => {
            let microversion: Microversion = text.parse().map_err(|_| wrong())?;
            let version = contract.service.microversions.as_ref().and_then(|all| all.place(microversion));
            version.ok_or_else(wrong)
        }
    }
}

/// Judges every line; a line that cannot be judged gets an `error` instead, and the exit code says so at the end.
fn check(contracts: &Contracts, path: &Path) -> Result<i32, Failure> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::new("cannot read the cases")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    };
    let input: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(BufReader::new(open_file(path).map_err(unreadable)?)),
    };
    let mut output = std::io::stdout().lock();
    let mut unjudged = 0u32;
    for (number, line) in input.split(b'\n').enumerate() {
        let line = line.map_err(unreadable)?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let verdict = crate::base::json::from_slice(&line)
            .map_err(|error| Diagnostic::new(format!("the line is not JSON: {error}")))
            .and_then(|case| judge_case(contracts, &case));
        let verdict = verdict.unwrap_or_else(|diagnostic| {
            unjudged += 1;
            let told = diagnostic.clone().row("where", format!("{}:{}", path.display(), number + 1));
            tell(format!("error: {told}"));
            json!({"error": diagnostic.headline})
        });
        if let Err(error) = writeln!(output, "{verdict}") {
            gone_is_fine(Err(error))?;
            break;
        }
    }
    Ok(if unjudged == 0 { Exit::Clean.code() } else { Exit::Usage.code() })
}
