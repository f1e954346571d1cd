//! Projects that have a cloud of their own: made and listed.

use std::path::Path;

use super::told::{gone, told};
use crate::base::json::{Value, json};
use crate::base::{Diagnostic, Node, parse_yaml};
use crate::contract::Contracts;
use crate::exchange::{Exchange, LABEL_KEYS, NotMade, Owner, Session, Wanted, read_label};
use crate::message::{Request, Response};
use crate::recording::{Label, Told};
use crate::server::entrance::{Entrance, EnvFor};

/// What is asked for: the project, the test that asks in it, and the client.
type Asked = (Wanted, Option<Label>, Option<EnvFor>);

/// Makes a project; the answer has all that a client needs to log in to it.
pub fn open(exchange: &Exchange, authority: Option<&Path>, request: &Request) -> Response {
    match read(exchange.contracts(), request) {
        Ok((wanted, label, client)) => match exchange.open(&wanted) {
            Ok(session) => {
                if label.is_some() {
                    exchange.label(session.name(), label);
                }
                made((exchange, authority), request, &session, client)
            }
            Err(NotMade::NoCloud) => told(409, "there is no simulated cloud, or nobody can log in to it"),
            Err(NotMade::Taken(name)) => told(409, &format!("there is a project or a user {name:?} already")),
            Err(NotMade::Wrong(why)) => told(400, why.to_string().trim_end()),
        },
        Err(why) => told(400, why.to_string().trim_end()),
    }
}

/// What the body asks for. JSON is YAML too, which gives places to what is wrong.
fn read(contracts: &Contracts, request: &Request) -> Result<Asked, Diagnostic> {
    let text = String::from_utf8_lossy(&request.body);
    if text.trim().is_empty() {
        return Ok(Asked::default());
    }
    let node = parse_yaml("the request", &text)?;
    node.only(&[&Wanted::KEYS[..], &LABEL_KEYS, &["env_for"]].concat())?;
    let client = node.get("env_for").map(client).transpose()?;
    Ok((Wanted::read(&node)?, checked_label(contracts, &node)?, client))
}

/// The label in `node`, if there is one; its rules are about operations that exist.
fn checked_label(contracts: &Contracts, node: &Node) -> Result<Option<Label>, Diagnostic> {
    let label = read_label(node)?;
    for Told(rule) in label.iter().flat_map(|label| label.allow.iter().chain(&label.expect)) {
        if let Some(operation) = rule.operation.as_deref()
            && contracts.operation(operation)?.is_none()
        {
            return Err(contracts.no_operation(operation).row("found", rule.to_string()));
        }
    }
    Ok(label)
}

fn client(node: &Node) -> Result<EnvFor, Diagnostic> {
    EnvFor::named(node.text()?).ok_or_else(|| node.expected("gophercloud, or nothing for all other clients"))
}

fn made(
    (exchange, authority): (&Exchange, Option<&Path>),
    request: &Request,
    session: &Session,
    client: Option<EnvFor>,
) -> Response {
    let origin = exchange.origin(request);
    let is_openrc = request.query().last("format") == Some("openrc");
    let of = |owner: &Owner| {
        let entrance = Entrance::new(origin, exchange.contracts(), owner.template.fixture())?;
        let entrance = entrance.of(&owner.tenant).trusting(authority);
        if is_openrc {
            let openrc = Value::String(entrance.openrc(client));
            return Some(Response::typed(201, openrc, "text/plain; charset=UTF-8"));
        }
        let env: Value =
            entrance.variables(client).into_iter().map(|(name, value)| (name, Value::from(value))).collect();
        let tenant = &owner.tenant;
        Some(Response::json(
            201,
            json!({
                "name": tenant.name, "id": tenant.project, "user": tenant.name, "password": tenant.password,
                "env": env, "clouds_yaml": entrance.clouds_yaml(),
            }),
        ))
    };
    session.owner.as_ref().and_then(of).unwrap_or_else(|| told(409, "nobody can log in to the cloud"))
}

/// From now on a test asks in a project.
pub fn label(exchange: &Exchange, request: &Request) -> Response {
    let text = String::from_utf8_lossy(&request.body);
    let read = || {
        let node = parse_yaml("the request", &text)?;
        node.only(&[&LABEL_KEYS[..], &["project"]].concat())?;
        Ok((node.optional("project")?, checked_label(exchange.contracts(), &node)?))
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
