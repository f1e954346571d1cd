//! The dialect of Keystone.

use super::manner::{Asked, Manner, RequestId, Said};
use super::paging::collection_links;
use super::webob::{self, html, title};
use crate::base::json::json;
use crate::cloud::store::{Fault, Reason};
use crate::contract::Unrouted;
use crate::message::Response;

const CRASH: Said =
    Said { status: 500, message: "An unexpected error prevented the server from fulfilling your request." };

const MALFORMED: Said = Said {
    status: 400,
    message: "Expecting to find valid JSON in request body. The server could not comply with the request since it is either \
        malformed or otherwise incorrect. The client is assumed to be in error.",
};

pub const MANNER: Manner = Manner {
    refuse: |fault, _| {
        let Fault { status, message, .. } = fault;
        let mut error = json!({"code": status, "message": message, "title": title(*status)});
        if let Some(Reason::Login { methods }) = fault.reason.as_deref() {
            error["identity"] = if methods.is_empty() { json!({}) } else { json!({"methods": methods}) };
        }
        Response::json(*status, json!({"error": error})).with("Vary", "X-Auth-Token")
    },
    policy: |rule| format!("You are not authorized to perform the requested action: {rule}."),
    no_token: webob::no_token,
    unrouted,
    token_before_path: false,
    tells_versions_anywhere: false,
    redirects_to_newest: true,
    malformed: MALFORMED,
    not_utf8: MALFORMED,
    crash: CRASH,
    unencodable: CRASH,
    empty_type: |status| (status != 204).then_some("text/html; charset=utf-8"),
    json_types: Some(&["", "application/json"]),
    wrong_type: Said {
        status: 400,
        message: "Expecting to find application/json in Content-Type header. The server could not comply with the request since it \
            is either malformed or otherwise incorrect. The client is assumed to be in error.",
    },
    schema_refusals: &["Failed validating", "Expecting to find"],
    vary: Some("X-Auth-Token"),
    request_id: RequestId::Common,
    id_at_mount: true,
    id_without_token: true,
    version_at_mount: false,
    wraps: true,
    owner_fields: &[],
    has_user: false,
    has_times: false,
    has_update: false,
    has_microseconds: true,
    newest_first: false,
    lists_visible: false,
    has_all_tenants: false,
    forbidden: |_, _| None,
    owner_in_body: |_, _| None,
    no_marker: Some(webob::invalid_marker),
    check_page: |_| Ok(()),
    zero_is_no_limit: false,
    full_page_links: false,
    page_reverse: false,
    page_links: collection_links,
    unknown_filters: |_| None,
    list_links: true,
};

fn unrouted(_: &Asked<'_>, why: Unrouted) -> Response {
    match why {
        Unrouted::NoSuchMethod => Response::json(405, json!({"message": METHOD_NOT_ALLOWED})),
        Unrouted::NoSuchPath | Unrouted::NoSuchRoot => html(404, NOT_FOUND.to_owned(), "utf-8"),
    }
}

const METHOD_NOT_ALLOWED: &str = "The method is not allowed for the requested URL.";
const NOT_FOUND: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n";
