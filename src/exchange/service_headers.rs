//! The headers that each service adds to its answers.

use crate::base::Microversion;
use crate::cloud::{RequestId, manner};
use crate::contract::{Microversions, Service};
use crate::message::{Headers, Response};

/// How far a request got in a service: the further, the more headers its answer has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Depth {
    /// The version that the answer echoes, if the request came to be negotiated.
    pub version: Option<Microversion>,
    /// Did it come to the service's own code, which looks at versions first?
    pub is_negotiated: bool,
    /// Did it reach the part that gives requests an id?
    pub has_request_id: bool,
}

/// Adds the headers of `service` to `response`.
pub fn with_service_headers(service: &Service, response: Response, depth: Depth, request_id: String) -> Response {
    let mut response = response;
    if let (Some(version), Some(microversions)) = (depth.version, &service.microversions) {
        version_headers(&mut response.headers, version, microversions);
    }
    let manner = manner(service.dialect);
    if let Some(vary) = manner.vary.filter(|_| response.headers.get("Vary").is_none()) {
        response.headers.push("Vary", vary);
    }
    if depth.has_request_id {
        let is_told_twice = match manner.request_id {
            RequestId::Common => false,
            RequestId::AndCompute => true,
            RequestId::AndComputeOnceNegotiated => depth.is_negotiated,
        };
        response.headers.push("x-openstack-request-id", request_id.as_str());
        if is_told_twice {
            response.headers.push("x-compute-request-id", request_id);
        }
    }
    response
}

/// Both forms of the version, and a `Vary` for each: Nova sends it twice.
fn version_headers(headers: &mut Headers, version: Microversion, microversions: &Microversions) {
    let (service, legacy) = (&microversions.service, &microversions.legacy_header);
    const NAMED: &str = "OpenStack-API-Version";
    if let Some(service) = service {
        headers.push(NAMED, format!("{service} {version}"));
    }
    if let Some(name) = legacy {
        headers.push(name.clone(), version.to_string());
    }
    for name in service.as_ref().map(|_| NAMED).into_iter().chain(legacy.as_deref()) {
        headers.push("Vary", name);
    }
}
