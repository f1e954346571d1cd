//! The dialect of Neutron.

use super::manner::{Asked, Filter, Manner, RequestId, Said};
use super::paging::collection_links;
use super::shown::field_passes;
use super::webob;
use crate::base::json::json;
use crate::cloud::store::{Fault, Name, not_allowed};
use crate::contract::{Code, NO_RESOURCE, Unrouted};
use crate::message::Response;

const CRASH: Said =
    Said { status: 500, message: "Request Failed: internal server error while processing your request." };

const MALFORMED: Said = Said { status: 400, message: "Body contains invalid data" };

pub const MANNER: Manner = Manner {
    refuse,
    policy: not_allowed,
    no_token: webob::no_token,
    unrouted,
    token_before_path: true,
    tells_versions_anywhere: false,
    redirects_to_newest: false,
    malformed: MALFORMED,
    not_utf8: MALFORMED,
    crash: CRASH,
    unencodable: CRASH,
    json_types: None,
    wrong_type: webob::WRONG_TYPE,
    schema_refusals: &["Invalid input for", "Unrecognized attribute"],
    vary: None,
    request_id: RequestId::Common,
    id_at_mount: false,
    id_without_token: true,
    version_at_mount: false,
    wraps: true,
    owner_fields: &["project_id", "tenant_id"],
    has_user: false,
    has_update: true,
    has_microseconds: false,
    newest_first: false,
    lists_visible: true,
    has_all_tenants: false,
    forbidden: |action, resource| {
        let message = format!("rule:{action}_{resource} is disallowed by policy");
        Some(Fault::new(Code::Policy, 403, message).named("PolicyNotAuthorized"))
    },
    no_marker: webob::invalid_marker,
    zero_is_no_limit: false,
    full_page_links: false,
    page_links: collection_links,
    filter: Filter::Shown(field_passes),
    list_links: false,
};

fn refuse(fault: &Fault, accept: &str) -> Response {
    let Fault { status, message, name, .. } = fault;
    let name = match (name, status) {
        (Name::Webob, _) => {
            let page = format!("{}<br /><br />\n{message}\n\n", NO_RESOURCE);
            return webob::webob_page(*status, &page, accept);
        }
        (Name::None, 400) => "HTTPBadRequest",
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
