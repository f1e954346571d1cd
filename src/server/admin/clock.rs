//! `/__mockstack/clock`: time that passes at once.

use jiff::SignedDuration;

use super::told::told;
use crate::base::json::json;
use crate::base::{Diagnostic, parse_yaml};
use crate::exchange::Exchange;
use crate::message::{Request, Response};

/// Sets the clock ahead by what the body says, in a project that has a cloud of its own, or in the server's.
pub fn advance(exchange: &Exchange, request: &Request, project: Option<&str>) -> Response {
    match read(request).map(|by| exchange.advance(project, by)) {
        Ok(Some(now)) => Response::json(200, json!({"now": format!("{now:.0}")})),
        Ok(None) => told(409, "there is no simulated cloud whose clock could be set"),
        Err(why) => told(400, why.to_string().trim_end()),
    }
}

/// `{"advance": SECONDS}`
fn read(request: &Request) -> Result<SignedDuration, Diagnostic> {
    let node = parse_yaml("the body of the request", &String::from_utf8_lossy(&request.body))?;
    node.only(&["advance"])?;
    let seconds = node.required("advance")?;
    let number = seconds.to_json().as_f64().filter(|number| (0.0..=1e9).contains(number));
    let number = number.ok_or_else(|| seconds.expected("a number of seconds from 0, such as 3600"))?;
    SignedDuration::try_from_secs_f64(number).map_err(|_| seconds.expected("a number of seconds"))
}
