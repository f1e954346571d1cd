//! Which version a request asks for.

use super::service::{Microversions, Service};
use crate::base::{Microversion, Version};
use crate::contract::finding::Refusal;
use crate::message::Headers;

/// The header that names services and versions.
pub const HEADER: &str = "OpenStack-API-Version";

/// The version that a request is served under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// Its place on the axis.
    pub version: Version,
    /// Does the answer carry version headers? Not if the service has no microversions.
    pub microversion: Option<Microversion>,
}

/// A version header that the service refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The answer: 400 for what cannot be read, 406 for what the service does not have.
    pub refusal: Box<Refusal>,
    /// The version that the answer echoes: only one that could be read.
    pub echo: Option<Microversion>,
    /// What was sent.
    pub sent: String,
    /// The header that holds it.
    pub header: String,
}

/// Reads both headers: `OpenStack-API-Version` wins, and one that names another service does not count.
///
/// # Errors
/// The version is refused.
pub fn negotiate(service: &Service, headers: &Headers) -> Result<Negotiated, Refused> {
    let Some(microversions) = &service.microversions else {
        return Ok(Negotiated { version: Version::FIRST, microversion: None });
    };
    let named = microversions.service.as_deref().and_then(|service| named_version(headers, service));
    let sent = headers.get(HEADER).filter(|_| microversions.must_be_named && named.is_none());
    if let Some(sent) = sent {
        // What cinder/api/openstack/wsgi.py raises; cinder 29.0.0 itself shows a general sentence in its place.
        const UNNAMED: &str = "API version None is not supported on this method.";
        let refusal = Refusal::new(400, UNNAMED.to_owned());
        return Err(Refused { refusal: refusal.into(), echo: None, sent: sent.to_owned(), header: HEADER.to_owned() });
    }
    let legacy = || microversions.legacy_header.as_deref().and_then(|name| headers.get(name));
    let own = microversions.legacy_header.as_deref().filter(|_| named.is_none()).unwrap_or(HEADER);
    let refused =
        |refusal: Refusal, echo, sent: String| Refused { refusal: refusal.into(), echo, sent, header: own.to_owned() };
    let microversion = match named.as_deref().or_else(legacy).map(str::trim) {
        None => microversions.minimum,
        Some("latest") => microversions.maximum,
        Some(text) => text.parse().map_err(|_| refused(invalid(text), None, text.to_owned()))?,
    };
    microversions
        .place(microversion)
        .map(|version| Negotiated { version, microversion: Some(microversion) })
        .ok_or_else(|| {
            let refusal = out_of_range(microversions, microversion);
            refused(refusal, Some(microversion), microversion.to_string())
        })
}

/// The version after the service's name in `compute 2.37, volume 3.5`; its case does not matter, the last of two wins.
fn named_version(headers: &Headers, service: &str) -> Option<String> {
    let lines = headers.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(HEADER));
    lines.flat_map(|(_, value)| value.split(',').rev()).find_map(|item| {
        let (name, version) = item.trim().split_once(char::is_whitespace)?;
        name.eq_ignore_ascii_case(service).then(|| version.trim().to_owned())
    })
}

/// Nova's refusal of a version that it cannot read.
pub fn invalid(text: &str) -> Refusal {
    let message = format!("API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum.");
    Refusal::new(400, message)
}

/// Nova's refusal of a version that it does not have.
pub fn out_of_range(microversions: &Microversions, asked: Microversion) -> Refusal {
    let Microversions { minimum, maximum, .. } = microversions;
    let message =
        format!("Version {asked} is not supported by the API. Minimum is {minimum} and maximum is {maximum}.");
    Refusal::new(406, message)
}
