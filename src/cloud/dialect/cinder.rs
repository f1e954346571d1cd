//! The dialect of Cinder.

use super::manner::{Asked, Filter, Manner, RequestId};
use super::nova::json_fault;
use super::paging::collection_links;
use super::shown::field_passes;
use super::webob;
use crate::base::json::json;
use crate::cloud::store::Fault;
use crate::contract::{Code, Unrouted};
use crate::message::Response;

pub const MANNER: Manner = Manner {
    refuse,
    policy: webob::policy,
    no_token: webob::no_token,
    unrouted,
    token_before_path: true,
    tells_versions_anywhere: false,
    redirects_to_newest: false,
    malformed: webob::MALFORMED,
    not_utf8: webob::MALFORMED,
    crash: webob::CRASH,
    unencodable: webob::CRASH,
    json_types: Some(&["", "application/json", "text/plain", "application/vnd.openstack.compute+json"]),
    wrong_type: webob::WRONG_TYPE,
    schema_refusals: &["Invalid input for"],
    vary: None,
    // What stands before Cinder's own code knows only the common name.
    request_id: RequestId::AndComputeOnceNegotiated,
    id_at_mount: true,
    id_without_token: true,
    version_at_mount: true,
    wraps: true,
    owner_fields: &["project_id", "tenant_id"],
    has_user: true,
    has_update: false,
    has_microseconds: true,
    newest_first: true,
    lists_visible: false,
    has_all_tenants: true,
    forbidden: |_, _| None,
    no_marker: |_| Fault::new(Code::NotFound, 400, "Invalid input for operation: Invalid marker."),
    zero_is_no_limit: false,
    full_page_links: false,
    page_links: collection_links,
    filter: Filter::Shown(field_passes),
    list_links: false,
};

/// Whoever hits a limit is told when to try again.
fn refuse(fault: &Fault, _: &str) -> Response {
    let Fault { status, message, .. } = fault;
    match status {
        413 => {
            let body = json!({"overLimit": {"code": status, "message": message, "retryAfter": "0"}});
            json_fault(*status, body).with("Retry-After", "0")
        }
        _ => Response::json(*status, json!({(webob::fault_name(*status)): {"code": status, "message": message}})),
    }
}

fn unrouted(asked: &Asked<'_>, _: Unrouted) -> Response {
    webob::webob(404, webob::NO_RESOURCE, asked.accept)
}
