//! The pages of webob, which OpenStack's services use, and the messages that several services share.

use super::manner::{Asked, Said};
use crate::base::json::{Value, json};
use crate::cloud::store::{Fault, UNAUTHORIZED};
use crate::contract::{Code, NO_RESOURCE};
use crate::message::Response;

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

pub fn webob(status: u16, explanation: &str, accept: &str) -> Response {
    webob_page(status, &format!("{explanation}<br /><br />\n\n\n"), accept)
}

/// The page with what webob says of the status, and then `detail`.
pub fn detailed(status: u16, detail: &str, accept: &str) -> Response {
    let explanation = match status {
        403 => "Access was denied to this resource.",
        416 => "The Range requested is not available.",
        409 => "There was a conflict when trying to complete your request.",
        _ => NO_RESOURCE,
    };
    webob_page(status, &format!("{explanation}<br /><br />\n{detail}\n\n"), accept)
}

/// The page for a path that does not take the method.
pub fn no_method(asked: &Asked<'_>) -> Response {
    let page = format!("The method {} is not allowed for this resource. <br /><br />\n", asked.method);
    webob_page(405, &page, asked.accept)
}

/// webob's own error pages: HTML unless JSON is asked for.
pub fn webob_page(status: u16, body: &str, accept: &str) -> Response {
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
pub fn html(status: u16, page: String, charset: &str) -> Response {
    Response::typed(status, Value::String(page), format!("text/html; charset={charset}"))
}

/// The answer of keystonemiddleware, which runs in front of every service but Keystone.
pub fn no_token(asked: &Asked<'_>) -> Response {
    challenge(Response::json(401, json!({"error": {"code": 401, "title": title(401), "message": UNAUTHORIZED}})), asked)
}

/// The same with the header that says where to get tokens.
pub fn challenge(answer: Response, asked: &Asked<'_>) -> Response {
    answer.with("WWW-Authenticate", format!("Keystone uri=\"{}/identity\"", asked.origin))
}

/// What most services say about a body that is not JSON.
pub const MALFORMED: Said = Said { status: 400, message: "Malformed request body" };

/// What they say when they crash.
pub const CRASH: Said =
    Said { status: 500, message: "The server has either erred or is incapable of performing the requested operation." };

/// What they say about an unsupported media type.
pub const WRONG_TYPE: Said = Said { status: 415, message: "Unsupported Content-Type" };

/// What Nova and Cinder answer to a request that exceeds a limit: when to try again, too.
pub fn over_limit(fault: &Fault) -> Response {
    let body = json!({"overLimit": {"code": fault.status, "message": fault.message, "retryAfter": "0"}});
    json_fault(fault.status, body).with("Retry-After", "0")
}

/// A fault with the type that Nova's own code gives it.
pub fn json_fault(status: u16, body: Value) -> Response {
    Response::typed(status, body, "application/json; charset=UTF-8")
}

/// The body of a fault of Nova and Cinder.
pub fn named_fault(fault: &Fault) -> Value {
    json!({(fault_name(fault.status)): {"code": fault.status, "message": fault.message}})
}

/// The page for a path that leads nowhere.
pub fn no_path(asked: &Asked<'_>) -> Response {
    webob(404, NO_RESOURCE, asked.accept)
}

/// The refusal of a marker by oslo.db.
pub fn invalid_marker(_: &str) -> Fault {
    Fault::new(Code::NotFound, 400, "Invalid input for operation: Invalid marker.")
}

/// The media types under which Nova and Cinder take JSON; none is taken for it too.
pub const JSON_TYPES: &[&str] = &["", "application/json", "text/plain", "application/vnd.openstack.compute+json"];

/// The name that Nova and Cinder wrap a fault in.
fn fault_name(status: u16) -> &'static str {
    match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        416 => "Request Range Not Satisfiable",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    }
}

/// The reason phrase of a status.
pub fn title(status: u16) -> &'static str {
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
