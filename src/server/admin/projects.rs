//! Projects that have a cloud of their own: made and listed.

use clap::ValueEnum;

use super::told::{gone, told};
use crate::base::json::{Value, json};
use crate::base::{Diagnostic, Node, parse_yaml};
use crate::exchange::{Exchange, LABEL_KEYS, NotMade, Owner, Session, Wanted, read_label};
use crate::message::{Request, Response};
use crate::recording::Told;
use crate::server::entrance::{Entrance, EnvFor};

/// Makes a project; the answer has all that a client needs to log in to it.
pub fn open(exchange: &Exchange, request: &Request) -> Response {
    match read(request) {
        Ok((wanted, client)) => match exchange.open(&wanted) {
            Ok(session) => made(exchange, request, &session, client),
            Err(NotMade::NoCloud) => told(409, "there is no simulated cloud, or nobody can log in to it"),
            Err(NotMade::Taken(name)) => told(409, &format!("there is a project or a user {name:?} already")),
            Err(NotMade::Wrong(why)) => told(400, why.to_string().trim_end()),
        },
        Err(why) => told(400, why.to_string().trim_end()),
    }
}

/// What the body asks for. JSON is YAML too, which gives places to what is wrong.
fn read(request: &Request) -> Result<(Wanted, Option<EnvFor>), Diagnostic> {
    let text = String::from_utf8_lossy(&request.body);
    if text.trim().is_empty() {
        return Ok((Wanted::default(), None));
    }
    let node = parse_yaml("the request", &text)?;
    node.only(&[&Wanted::KEYS[..], &["env_for"]].concat())?;
    let client = node.get("env_for").map(client).transpose()?;
    Ok((Wanted::read(&node)?, client))
}

fn client(node: &Node) -> Result<EnvFor, Diagnostic> {
    EnvFor::from_str(node.text()?, false).map_err(|_| node.expected("gophercloud, or nothing for all other clients"))
}

fn made(exchange: &Exchange, request: &Request, session: &Session, client: Option<EnvFor>) -> Response {
    let origin = exchange.origin(request);
    let of = |owner: &Owner| {
        let entrance = Entrance::new(origin, exchange.contracts(), owner.template.fixture())?.of(&owner.tenant);
        let env: Value =
            entrance.variables(client).into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let tenant = &owner.tenant;
        Some(json!({
            "name": tenant.name, "id": tenant.project, "user": tenant.name, "password": tenant.password,
            "env": env, "clouds_yaml": entrance.clouds_yaml(),
        }))
    };
    match session.owner.as_ref().and_then(of) {
        Some(body) => Response::json(201, body),
        None => told(409, "nobody can log in to the cloud"),
    }
}

/// From now on a test asks in a project.
pub fn label(exchange: &Exchange, request: &Request) -> Response {
    let text = String::from_utf8_lossy(&request.body);
    let read = || {
        let node = parse_yaml("the request", &text)?;
        node.only(&[&LABEL_KEYS[..], &["project"]].concat())?;
        let label = read_label(&node)?;
        for Told(rule) in label.iter().flat_map(|label| label.allow.iter().chain(&label.expect)) {
            if let Some(operation) = rule.operation.as_deref()
                && exchange.contracts().operation(operation)?.is_none()
            {
                return Err(exchange.contracts().no_operation(operation).row("found", rule.to_string()));
            }
        }
        Ok((node.optional("project")?, label))
    };
    match read() {
        Ok((project, label)) => match exchange.label(project.as_deref(), label) {
            true => Response::empty(204),
            false => gone(),
        },
        Err(why) => told(400, Diagnostic::to_string(&why).trim_end()),
    }
}

/// The projects, and how much happened in each.
pub fn list(exchange: &Exchange) -> Response {
    let row = |session: &Session| {
        let tenant = &session.owner.as_ref()?.tenant;
        let journal = session.journal();
        let (requests, accepted) = (journal.requests, journal.accepted);
        Some(json!({"name": tenant.name, "id": tenant.project, "requests": requests, "accepted": accepted}))
    };
    let rows: Value = exchange.projects().iter().filter_map(|session| row(session)).collect();
    Response::json(200, json!({"projects": rows}))
}
