//! Bodies that cannot be read, in each service's own words.

use crate::base::json::Value;
use crate::cloud::{self, Fault, Manner, Said, manner};
use crate::contract::{Code, Dialect, Operation, Part, Service, Violation};
use crate::message::{Body, BodyError, Flaw, Request, Response};

/// Why a body cannot be judged: the violation and the answer.
pub struct Unreadable {
    pub violation: Violation,
    pub answer: Response,
}

/// The refusal of a body that is too large: it precedes every other check.
pub fn too_large(request: &Request) -> Option<Unreadable> {
    let accept = request.headers.get("Accept").unwrap_or_default();
    let violation = || {
        Violation::plain(Code::TooLarge, Part::Body, "", "too large: the service does not read a body of this size", "")
    };
    (request.flaw == Some(Flaw::TooLarge))
        .then(|| Unreadable { violation: violation(), answer: cloud::too_large(accept) })
}

/// The refusal of a request for XML, which the APIs of Icehouse's time also supported: a body in it is a 415, an answer in it a
/// 406. Today's APIs do not support it, and do not say so.
pub fn wants_xml(service: &Service, request: &Request) -> Option<Unreadable> {
    let header = |name: &str| request.headers.get(name).unwrap_or_default().to_ascii_lowercase();
    let accept = header("Accept");
    let only_xml = accept.contains("/xml") && !accept.contains("json") && !accept.contains("*/*");
    let (part, name, status) = match () {
        () if !service.classic => return None,
        () if !request.body.is_empty() && header("Content-Type").contains("/xml") => {
            (Part::Header, "Content-Type", 415)
        }
        () if only_xml => (Part::Header, "Accept", 406),
        () if request.path.ends_with(".xml") => (Part::Path, "", 406),
        () => return None,
    };
    let fault =
        Fault::new(Code::NotSimulated, status, "mockstack speaks JSON alone; the XML of this API is not simulated.");
    let violation = Violation::plain(fault.code, part, name, fault.message.clone(), "");
    Some(Unreadable { violation, answer: fault.render(service.dialect, "application/json") })
}

/// The stand-in for an empty body.
pub static NO_BODY: Value = Value::Null;

/// The body as JSON: null if it is empty or not a document. `operations` are the candidates.
///
/// # Errors
/// It is incomplete, of another media type, or not JSON.
pub fn body_of<'b>(
    request: &Request,
    body: &'b Body,
    dialect: Dialect,
    operations: &[&Operation],
) -> Result<&'b Value, Box<Unreadable>> {
    let accept = request.headers.get("Accept").unwrap_or_default();
    if let Some(flaw) = request.flaw {
        let expected = format!("malformed: the body is incomplete ({})", flaw.name());
        let manner = manner(dialect);
        return Err(refuse(manner, accept, expected, manner.malformed));
    }
    if has_no_body(request, operations) {
        return Ok(&NO_BODY);
    }
    if let Some(refused) = none_takes(request, operations) {
        return Err(refused);
    }
    if operations.iter().any(|operation| operation.raw) {
        return Ok(&NO_BODY);
    }
    let manner = manner(dialect);
    if let Some(media) = wrong_media_type(request, manner) {
        let expected = format!("wrong type: expected application/json, found {media}");
        return Err(refuse(manner, accept, expected, manner.wrong_type));
    }
    match body {
        Body::Empty => Ok(&NO_BODY),
        Body::Json(json) => Ok(json),
        Body::Unreadable(why) => {
            let (what, said) = match why {
                BodyError::NotUtf8 => ("the body is not UTF-8".to_owned(), manner.not_utf8),
                BodyError::NotJson(why) => (format!("the body is not JSON: {why}"), manner.malformed),
                // Python's RecursionError is none of the errors that a service expects of its parser.
                BodyError::TooDeep(why) => (format!("the body is nested too deeply: {why}"), manner.crash),
            };
            Err(refuse(manner, accept, format!("malformed: {what}"), said))
        }
    }
}

fn refuse(manner: &Manner, accept: &str, expected: String, said: Said) -> Box<Unreadable> {
    let violation = Violation::plain(Code::Malformed, Part::Body, "", expected, "");
    let fault = Fault::new(Code::Malformed, said.status, said.message);
    Box::new(Unreadable { violation, answer: (manner.refuse)(&fault, accept) })
}

/// Is no body read? Of a deletion one is where the contract describes it, as Cinder's of groups.
fn has_no_body(request: &Request, operations: &[&Operation]) -> bool {
    match request.method.as_str() {
        "DELETE" => operations.iter().all(|operation| operation.body.is_none()),
        method => matches!(method, "GET" | "HEAD"),
    }
}

/// The refusal of a media type that none of `operations` takes. Only Glance has such; of a patch it tells what it takes.
fn none_takes(request: &Request, operations: &[&Operation]) -> Option<Box<Unreadable>> {
    let media = request.media_type();
    if operations.is_empty() || operations.iter().any(|operation| operation.takes(media)) {
        return None;
    }
    let mut taken: Vec<&str> = operations.iter().flat_map(|operation| &operation.media).map(String::as_str).collect();
    taken.sort_unstable();
    let taken = taken.join(", ");
    let named = if media.is_empty() { "None" } else { media };
    let detail = match request.method.as_str() {
        "PATCH" => format!("Image PATCH expects Content-Type one of: {taken}"),
        _ => format!("Invalid content type {named}"),
    };
    let answer = cloud::unsupported_media(media, &detail, request.headers.get("Accept").unwrap_or_default());
    let answer = if request.method == "PATCH" { answer.with("Accept-Patch", taken.as_str()) } else { answer };
    let expected = format!("wrong type: expected {taken}, found {named}");
    let violation = Violation::plain(Code::Malformed, Part::Header, "Content-Type", expected, "");
    Some(Box::new(Unreadable { violation, answer }))
}

/// A missing type is taken for JSON; Nova takes text/plain for it too. Glance and Neutron read JSON whatever it is said to be.
fn wrong_media_type<'r>(request: &'r Request, manner: &Manner) -> Option<&'r str> {
    let (media, known) = (request.media_type(), manner.json_types?);
    (!request.body.is_empty() && !known.iter().any(|own| own.eq_ignore_ascii_case(media))).then_some(media)
}
