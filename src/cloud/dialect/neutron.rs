//! The dialect of Neutron.

use super::manner::{Asked, Manner, RequestId, Said, UnknownFilters};
use super::paging::both_links;
use super::webob;
use crate::base::json::{Map, json};
use crate::cloud::store::{Caller, Fault, Name};
use crate::contract::{Code, NO_RESOURCE, Unrouted};
use crate::message::{Query, Response};

const CRASH: Said =
    Said { status: 500, message: "Request Failed: internal server error while processing your request." };

const MALFORMED: Said = Said { status: 400, message: "Body contains invalid data" };

pub const MANNER: Manner = Manner {
    refuse,
    policy: |rule| format!("rule:{rule} is disallowed by policy"),
    no_token: webob::no_token,
    unrouted,
    token_before_path: true,
    tells_versions_anywhere: false,
    redirects_to_newest: false,
    malformed: MALFORMED,
    not_utf8: MALFORMED,
    crash: CRASH,
    unencodable: CRASH,
    empty_type: |status| (status != 204).then_some("application/json"),
    json_types: None,
    wrong_type: webob::WRONG_TYPE,
    schema_refusals: &["Invalid input for", "Unrecognized attribute", "Cannot update read-only", "Attribute '"],
    vary: None,
    request_id: RequestId::Common,
    id_at_mount: false,
    id_without_token: true,
    version_at_mount: false,
    wraps: true,
    owner_fields: &["project_id", "tenant_id"],
    has_user: false,
    has_times: true,
    has_update: true,
    has_microseconds: false,
    newest_first: false,
    lists_visible: true,
    has_all_tenants: false,
    forbidden: |action, resource| {
        let message = format!("rule:{action}_{resource} is disallowed by policy");
        Some(Fault::new(Code::Policy, 403, message).named("PolicyNotAuthorized"))
    },
    owner_in_body,
    no_marker: None,
    check_page,
    zero_is_no_limit: true,
    full_page_links: true,
    page_reverse: true,
    page_links: both_links,
    unknown_filters,
    list_links: false,
};

/// Nobody but administrators and services names another project, or two (neutron_lib/api/attributes.py).
fn owner_in_body(resource: &Map, caller: &Caller) -> Option<Fault> {
    let (project, tenant) = (resource.get("project_id"), resource.get("tenant_id"));
    if project.is_some() && tenant.is_some() && project != tenant {
        return Some(bad("'project_id' and 'tenant_id' do not match"));
    }
    let own = caller.project.as_deref();
    let is_own = project.or(tenant).is_none_or(|project| project.as_str() == own && own.is_some());
    let message =
        "Specifying 'project_id' other than the authenticated project in request is not allowed for the current user.";
    (!is_own && !caller.admin && !caller.has_role("service")).then(|| bad(message))
}

/// Keys and directions go in pairs (neutron/api/api_common.py).
fn check_page(query: &Query) -> Result<(), Fault> {
    match query.all("sort_key").count() == query.all("sort_dir").count() {
        true => Ok(()),
        false => Err(bad("The number of sort_keys and sort_dirs must be same")),
    }
}

fn bad(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message).named("HTTPBadRequest")
}

/// Neutron has refused what narrows nothing since Rocky.
fn unknown_filters(unknown: &UnknownFilters<'_>) -> Option<Fault> {
    let is_old = !unknown.is_since("rocky");
    let names = unknown.names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let message = format!("[{names}] is invalid attribute for filtering");
    (!is_old).then(|| Fault::new(Code::UnknownQuery, 400, message).named("HTTPBadRequest"))
}

fn refuse(fault: &Fault, accept: &str) -> Response {
    let Fault { status, message, name, .. } = fault;
    let name = match (name, status) {
        (Name::Webob, _) => {
            let page = format!("{}<br /><br />\n{message}\n\n", NO_RESOURCE);
            return webob::webob_page(*status, &page, accept);
        }
        (Name::None, 400) => "HTTPBadRequest",
        (Name::None, 403) => "PolicyNotAuthorized",
        (Name::None, 404) => "HTTPNotFound",
        (Name::None, 500) => "HTTPInternalServerError",
        (Name::None, _) => "HTTPError",
        (Name::Own(name), _) => name,
    };
    Response::json(*status, json!({"NeutronError": {"type": name, "message": message, "detail": ""}}))
}

fn unrouted(asked: &Asked<'_>, _: Unrouted) -> Response {
    refuse(&Fault::no_resource().named("HTTPNotFound"), asked.accept)
}
