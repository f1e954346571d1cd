//! What a browser is shown that looks whether the port answers.

use crate::base::json::json;
use crate::contract::Contracts;
use crate::message::{Request, Response};

/// Where the routes begin.
pub const PREFIX: &str = "/__mockstack/";

/// Where anybody may ask whether the cloud is up.
pub const HEALTH: &str = "/__mockstack/health";

/// See [`of_browser`].
pub const OF_BROWSERS: [&str; 2] = ["/", "/favicon.ico"];

/// What a browser asks for when somebody looks whether the port answers: no client of OpenStack does, as every service is below
/// a path of its own. `contracts` know the release.
pub fn of_browser(request: &Request, contracts: &Contracts) -> Option<Response> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "HEAD", "/") if is_browser(request) => Some(Response::empty(303).with("Location", PREFIX)),
        ("GET" | "HEAD", "/") => Some(itself(contracts)),
        ("GET" | "HEAD", "/favicon.ico") => Some(Response::empty(204)),
        _ => None,
    }
}

/// What mockstack says of itself; `contracts` know the release.
pub fn itself(contracts: &Contracts) -> Response {
    let release = contracts.release().map(|release| &release.name);
    let version = env!("CARGO_PKG_VERSION");
    Response::json(200, json!({"mockstack": version, "release": release, "identity": "/identity", "routes": PREFIX}))
}

/// Does a person ask, and is there a page? Clients that want JSON say so, or that they take anything.
fn is_browser(request: &Request) -> bool {
    cfg!(feature = "cli") && request.headers.get("Accept").is_some_and(|accept| accept.contains("text/html"))
}
