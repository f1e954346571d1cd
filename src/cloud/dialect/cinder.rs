//! The dialect of Cinder.

use super::manner::{Manner, RequestId, UnknownFilters};
use super::paging::collection_links;
use super::webob;
use crate::cloud::store::{Fault, not_allowed};
use crate::contract::Code;
use crate::message::{Query, Response};

pub const MANNER: Manner = Manner {
    refuse,
    policy,
    no_token: webob::no_token,
    unrouted: |asked, _| webob::no_path(asked),
    token_before_path: true,
    tells_versions_anywhere: false,
    redirects_to_newest: false,
    malformed: webob::MALFORMED,
    not_utf8: webob::MALFORMED,
    crash: webob::CRASH,
    unencodable: webob::CRASH,
    empty_type: |_| Some("application/json"),
    json_types: Some(webob::JSON_TYPES),
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
    has_times: true,
    has_update: false,
    has_microseconds: true,
    newest_first: true,
    lists_visible: false,
    has_all_tenants: true,
    forbidden: |_, _| None,
    owner_in_body: |_, _| None,
    no_marker: Some(webob::invalid_marker),
    check_page,
    zero_is_no_limit: false,
    full_page_links: true,
    page_reverse: false,
    page_links: collection_links,
    unknown_filters,
    list_links: false,
};

/// Cinder's own code words some refusals of a role.
fn policy(rule: &str) -> String {
    match rule {
        "context_is_admin" => "User does not have admin privileges".to_owned(),
        rule if rule.starts_with("volume_extension:default_") => {
            "You are not authorized to perform this operation.".to_owned()
        }
        rule => not_allowed(rule),
    }
}

fn refuse(fault: &Fault, _: &str) -> Response {
    match fault.status {
        413 => webob::over_limit(fault),
        status => Response::json(status, webob::named_fault(fault)),
    }
}

/// One way to sort, not two (cinder/api/common.py).
fn check_page(query: &Query) -> Result<(), Fault> {
    let has = |name: &str| query.all(name).next().is_some();
    let message =
        "The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with the 'sort' parameter.";
    match has("sort") && (has("sort_key") || has("sort_dir")) {
        true => Err(Fault::new(Code::Rule, 400, message)),
        false => Ok(()),
    }
}

/// From 3.31 on Cinder refuses users what it does not filter by (cinder/api/common.py); before that it ignores it.
fn unknown_filters(unknown: &UnknownFilters<'_>) -> Option<Fault> {
    let refuses = !unknown.admin && unknown.version.is_since(3, 31);
    let message = format!("Invalid filters {} are found in query options.", unknown.names.join(","));
    refuses.then(|| Fault::new(Code::Rule, 400, message))
}
