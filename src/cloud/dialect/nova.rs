//! The dialect of Nova.

use super::manner::{Asked, Manner, RequestId, Said};
use super::paging::collection_links;
use super::webob;
use crate::base::json::{Value, json};
use crate::cloud::store::{Fault, not_allowed};
use crate::contract::{Code, Unrouted};
use crate::message::Response;

pub const MANNER: Manner = Manner {
    refuse,
    policy: not_allowed,
    no_token: webob::no_token,
    unrouted,
    token_before_path: true,
    tells_versions_anywhere: false,
    redirects_to_newest: false,
    malformed: webob::MALFORMED,
    not_utf8: webob::CRASH,
    crash: webob::CRASH,
    unencodable: Said {
        status: 500,
        message: "Unexpected API Error. Please contact the administrator\n<class 'UnicodeEncodeError'>",
    },
    empty_type: |_| Some("application/json"),
    json_types: Some(webob::JSON_TYPES),
    wrong_type: webob::WRONG_TYPE,
    schema_refusals: &["Invalid input for"],
    vary: None,
    request_id: RequestId::AndCompute,
    id_at_mount: false,
    id_without_token: true,
    version_at_mount: false,
    wraps: true,
    owner_fields: &["project_id", "tenant_id"],
    has_user: true,
    has_times: true,
    has_update: false,
    has_microseconds: true,
    newest_first: false,
    lists_visible: false,
    has_all_tenants: false,
    forbidden: |_, _| None,
    owner_in_body: |_, _| None,
    no_marker: Some(|marker| Fault::new(Code::NotFound, 400, format!("marker [{marker}] not found"))),
    check_page: |_| Ok(()),
    zero_is_no_limit: true,
    full_page_links: true,
    page_reverse: false,
    page_links: collection_links,
    unknown_filters: |_| None,
    list_links: false,
};

fn refuse(fault: &Fault, _: &str) -> Response {
    match fault.status {
        413 => webob::over_limit(fault),
        status => webob::json_fault(status, webob::named_fault(fault)),
    }
}

fn unrouted(asked: &Asked<'_>, why: Unrouted) -> Response {
    match why {
        Unrouted::NoSuchRoot => Response::json(300, choices(asked.origin, asked.path)),
        Unrouted::NoSuchPath | Unrouted::NoSuchMethod => webob::no_path(asked),
    }
}

fn choices(origin: &str, path: &str) -> Value {
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
