//! How each service says no.

use serde_json::{Value, json};

use crate::base::Pointer;
use crate::contract::{Code, Dialect, Refusal, Unrouted};
use crate::message::Response;

/// A refusal, before it is put into a service's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What kind of refusal, for the verdict.
    pub code: Code,
    /// The status.
    pub status: u16,
    /// The sentence.
    pub message: String,
    /// Neutron's name for it.
    pub kind: &'static str,
    /// The place of the body that is to blame.
    pub at: Option<Pointer>,
}

impl Fault {
    /// A refusal with a status and a sentence.
    pub fn new(code: Code, status: u16, message: impl Into<String>) -> Fault {
        Fault { code, status, message: message.into(), kind: UNNAMED, at: None }
    }

    /// Something that is not there.
    pub fn not_found(message: impl Into<String>) -> Fault {
        Fault::new(Code::NotFound, 404, message)
    }

    /// A write that names something unknown at `pointer`.
    pub fn reference(status: u16, pointer: Pointer, message: impl Into<String>) -> Fault {
        Fault { at: Some(pointer), ..Fault::new(Code::Reference, status, message) }
    }

    /// A role that is missing for `rule`.
    pub fn policy(rule: &str) -> Fault {
        Fault::new(Code::Policy, 403, format!("Policy doesn't allow {rule} to be performed."))
    }

    /// The same in Keystone's words.
    pub fn not_authorized(rule: &str) -> Fault {
        Fault::new(Code::Policy, 403, format!("You are not authorized to perform the requested action: {rule}."))
    }

    /// A server that is in the wrong state for `deed`; `what` is `vm_state` or `task_state`.
    pub fn while_in(deed: &str, id: &str, what: &str, state: &str) -> Fault {
        Fault::new(Code::State, 409, format!("Cannot '{deed}' instance {id} while it is in {what} {state}"))
    }

    /// Wrong or missing credentials.
    pub fn unauthorized() -> Fault {
        Fault::new(Code::Token, 401, UNAUTHORIZED)
    }

    /// The code under which it is a violation; `None` if it is a refusal that is only counted. What a service answers with 400
    /// is a violation, whoever finds it, also where others say 409: Cinder does of a volume that is in use.
    pub fn violation(&self) -> Option<Code> {
        match (self.status, self.code) {
            (_, code) if code.row().fails => Some(code),
            (400, Code::NotFound) => Some(Code::Reference),
            // The service blames the client, whoever found it.
            (400, _) => Some(Code::Rule),
            _ => None,
        }
    }

    /// The same refusal under Neutron's name.
    #[must_use]
    pub fn named(self, kind: &'static str) -> Fault {
        Fault { kind, ..self }
    }

    /// The answer in the words of `dialect`; `accept` is the request's Accept header.
    pub fn render(&self, dialect: Dialect, accept: &str) -> Response {
        let Fault { status, message, .. } = self;
        match dialect {
            // Whoever hits a limit is told when to try again.
            Dialect::Nova | Dialect::Cinder if *status == 413 => {
                let body = json!({"overLimit": {"code": status, "message": message, "retryAfter": "0"}});
                json_fault(*status, body).with("Retry-After", "0")
            }
            Dialect::Nova => json_fault(*status, json!({nova_kind(*status): {"code": status, "message": message}})),
            Dialect::Cinder => {
                Response::json(*status, json!({nova_kind(*status): {"code": status, "message": message}}))
            }
            Dialect::Keystone => {
                let error = json!({"code": status, "message": message, "title": title(*status)});
                Response::json(*status, json!({"error": error})).with("Vary", "X-Auth-Token")
            }
            Dialect::Glance => webob(*status, message, accept),
            Dialect::Neutron if self.kind == WEBOB => {
                webob_page(*status, &format!("{NO_RESOURCE}<br /><br />\n{message}\n\n"), accept)
            }
            Dialect::Neutron => {
                let kind = match (self.kind, status) {
                    (UNNAMED, 400) => "HTTPBadRequest",
                    (UNNAMED, 404) => "HTTPNotFound",
                    (kind, _) => kind,
                };
                let error = json!({"type": kind, "message": message, "detail": ""});
                Response::json(*status, json!({"NeutronError": error}))
            }
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::new(Code::Malformed, refusal.status, refusal.message)
    }
}

/// Neutron's name for what has none of its own.
const UNNAMED: &str = "HTTPError";

/// What Neutron leaves to its framework has no name of Neutron's.
pub const WEBOB: &str = "webob";

const UNAUTHORIZED: &str = "The request you have made requires authentication.";
const NOT_VERIFIED: &str = "This server could not verify that you are authorized to access the document you requested. Either you \
    supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.";
const NO_RESOURCE: &str = "The resource could not be found.";

/// The answer of keystonemiddleware, which stands before every service but Keystone; before Glance it lets webob speak.
pub fn no_token(dialect: Dialect, origin: &str, accept: &str) -> Response {
    let answer = match dialect {
        Dialect::Glance => webob(401, NOT_VERIFIED, accept),
        _ => Response::json(401, json!({"error": {"code": 401, "title": title(401), "message": UNAUTHORIZED}})),
    };
    answer.with("WWW-Authenticate", format!("Keystone uri=\"{origin}/identity\""))
}

/// The answer to a path that leads nowhere below the mount of a service; `path` is what follows the mount.
pub fn unrouted(dialect: Dialect, why: Unrouted, origin: &str, path: &str, accept: &str) -> Response {
    match (dialect, why) {
        (Dialect::Nova, Unrouted::NoSuchRoot) => Response::json(300, nova_choices(origin, path)),
        (Dialect::Nova | Dialect::Glance | Dialect::Cinder, _) => webob(404, NO_RESOURCE, accept),
        (Dialect::Keystone, Unrouted::NoSuchMethod) => Response::json(405, json!({"message": METHOD_NOT_ALLOWED})),
        (Dialect::Keystone, _) => html(404, FLASK_NOT_FOUND.to_owned(), "utf-8"),
        (Dialect::Neutron, _) => Fault::not_found(NO_RESOURCE).named("HTTPNotFound").render(dialect, accept),
    }
}

const METHOD_NOT_ALLOWED: &str = "The method is not allowed for the requested URL.";
const FLASK_NOT_FOUND: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n";

/// The answer to a body that is longer than oslo.middleware lets pass.
pub fn too_large(accept: &str) -> Response {
    webob(413, "Request is too large.", accept)
}

/// webob's answer to a media type that is not taken.
pub fn unsupported_media(media: &str, detail: &str, accept: &str) -> Response {
    let shown = if media.is_empty() { "${CONTENT_TYPE}" } else { media };
    let explanation = format!("The request media type {shown} is not supported by this server.");
    webob_page(415, &format!("{explanation}\n<br /><br />\n{detail}"), accept)
}

fn webob(status: u16, explanation: &str, accept: &str) -> Response {
    webob_page(status, &format!("{explanation}<br /><br />\n\n\n"), accept)
}

/// webob's own error pages: HTML unless JSON is asked for.
fn webob_page(status: u16, body: &str, accept: &str) -> Response {
    let line = format!("{status} {}", title(status));
    if accept.contains("application/json") && !accept.contains("text/html") {
        return Response::json(status, json!({"message": body, "code": line, "title": title(status)}));
    }
    let page = format!(
        "<html>\n <head>\n  <title>{line}</title>\n </head>\n <body>\n  <h1>{line}</h1>\n  {body}\n </body>\n</html>"
    );
    html(status, page, "UTF-8")
}

/// Each framework has its own spelling of the `charset`.
fn html(status: u16, page: String, charset: &str) -> Response {
    Response::typed(status, Value::String(page), format!("text/html; charset={charset}"))
}

fn json_fault(status: u16, body: Value) -> Response {
    Response::typed(status, body, "application/json; charset=UTF-8")
}

fn nova_choices(origin: &str, path: &str) -> Value {
    let choice = |id: &str, status: &str, media: &str| {
        json!({
            "id": id,
            "status": status,
            "links": [{"rel": "self", "href": format!("{origin}/compute/{}{}", id.trim_end_matches(".0"), path.trim_end_matches('/'))}],
            "media-types": [{"base": "application/json", "type": format!("application/vnd.openstack.compute+json;version={media}")}],
        })
    };
    json!({"choices": [choice("v2.0", "DEPRECATED", "2"), choice("v2.1", "CURRENT", "2.1")]})
}

fn nova_kind(status: u16) -> &'static str {
    match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::CODES;

    #[test]
    fn a_400_is_a_violation_whatever_its_code() {
        for row in CODES {
            let violation = Fault::new(row.code, 400, "").violation();
            assert!(violation.is_some_and(|code| code.row().fails), "{}", row.name);
        }
    }
}
