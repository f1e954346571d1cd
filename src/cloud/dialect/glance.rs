//! The dialect of Glance.

use super::manner::{Asked, Manner, RequestId, ShownPage};
use super::paging::{query_after, query_of_first};
use super::webob;
use crate::base::json::{Map, json};
use crate::cloud::store::{Fault, Name};
use crate::contract::{Code, Unrouted};
use crate::message::Response;

pub const MANNER: Manner = Manner {
    refuse,
    policy: |rule| format!("You are not authorized to complete {rule} action."),
    no_token: |asked| webob::challenge(webob::webob(401, NOT_VERIFIED, asked.accept), asked),
    unrouted,
    token_before_path: true,
    tells_versions_anywhere: true,
    redirects_to_newest: false,
    malformed: webob::MALFORMED,
    not_utf8: webob::MALFORMED,
    crash: webob::CRASH,
    unencodable: webob::CRASH,
    empty_type: |_| Some("text/html; charset=UTF-8"),
    json_types: None,
    wrong_type: webob::WRONG_TYPE,
    schema_refusals: &["Provided object does not match schema"],
    vary: None,
    request_id: RequestId::Common,
    id_at_mount: false,
    // The middleware stands outside of what gives requests an id.
    id_without_token: false,
    version_at_mount: false,
    wraps: false,
    owner_fields: &["owner"],
    has_user: false,
    has_times: true,
    has_update: true,
    has_microseconds: false,
    newest_first: true,
    lists_visible: true,
    has_all_tenants: false,
    forbidden: |action, _| {
        let action = if action == "update" { "modify" } else { action };
        Some(Fault::new(Code::Policy, 403, format!("You are not authorized to complete {action}_image action.")))
    },
    owner_in_body: |_, _| None,
    no_marker: Some(|marker| Fault::new(Code::NotFound, 400, format!("No image found with ID {marker}"))),
    check_page: |_| Ok(()),
    zero_is_no_limit: false,
    full_page_links: true,
    page_reverse: false,
    page_links,
    unknown_filters: |_| None,
    list_links: false,
};

const NOT_VERIFIED: &str = "This server could not verify that you are authorized to access the document you requested. Either you \
    supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.";

/// What code says without an explanation of its own stands below the usual one of the status.
fn refuse(fault: &Fault, accept: &str) -> Response {
    match fault.name {
        Name::Webob => webob::detailed(fault.status, &fault.message, accept),
        _ => webob::webob(fault.status, &fault.message, accept),
    }
}

/// A path that exists refuses other methods itself.
fn unrouted(asked: &Asked<'_>, why: Unrouted) -> Response {
    match why {
        Unrouted::NoSuchMethod => webob::no_method(asked),
        _ => webob::no_path(asked),
    }
}

fn page_links(page: &ShownPage<'_>) -> Map {
    let path = page.path;
    let at = |query: &str| if query.is_empty() { format!("/v2{path}") } else { format!("/v2{path}?{query}") };
    let next = page.last.map(|last| ("next", json!(at(&query_after(page.query, last)))));
    let always = [("first", at(&query_of_first(page.query))), ("schema", "/v2/schemas/images".to_owned())];
    next.into_iter().chain(always.map(|(name, path)| (name, json!(path)))).collect()
}
