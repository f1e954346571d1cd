//! What somebody is told whose request cannot be done.

use crate::base::json::json;
use crate::message::Response;

/// An answer that says why not.
pub fn told(status: u16, message: &str) -> Response {
    Response::json(status, json!({"error": {"code": status, "message": message}}))
}

/// There is no such project.
pub fn gone() -> Response {
    told(404, "there is no project with that name")
}
