//! An exchange of another cloud, put where it would have been here.

use jiff::Timestamp;

use super::besides::Besides;
use super::foreign::Foreign;
use super::mounts::{HERE, Mounts};
use crate::base::json::Value;
use crate::base::with_texts;
use crate::message::Body;
use crate::recording::{Interaction, RecordedRequest, RecordedResponse, Unreadable, client_of};

/// What the connection decides, and what is not so once a body is kept as JSON.
const OF_CONNECTION: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "date", "content-encoding"];

/// The exchange as mockstack would have recorded it, with its secrets.
pub fn interaction(foreign: Foreign, sequence: u64, mounts: &Mounts) -> Interaction {
    match foreign.besides.clone() {
        Some(besides) => own(foreign, besides, sequence),
        None => moved(foreign, sequence, mounts),
    }
}

/// An exchange that was a recording's before.
fn own(foreign: Foreign, besides: Besides, sequence: u64) -> Interaction {
    let Besides { target, project, violations, diagnostic, refusal, unreadable, flaw, contents, failure } = besides;
    let plain = plain(foreign, target, sequence);
    let body = plain.request.body.filter(|_| unreadable.is_none());
    let [of_request, of_response] = contents;
    let request = RecordedRequest { body, unreadable, contents: of_request, flaw, ..plain.request };
    let response = RecordedResponse { contents: of_response, failure, ..plain.response };
    Interaction { project, violations, diagnostic, refusal, request, response, ..plain }
}

/// An exchange with another cloud: its services are mounted here, and the URLs in answers lead here.
fn moved(foreign: Foreign, sequence: u64, mounts: &Mounts) -> Interaction {
    let target = mounts.target(&foreign.url, foreign.service.as_deref());
    let mut plain = plain(foreign, target, sequence);
    let here = |text: &str| mounts.here(text).unwrap_or_else(|| text.to_owned());
    plain.request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
    plain.request.headers.insert(0, ("Host".to_owned(), HERE.to_owned()));
    plain.response.headers.retain(|(name, _)| !OF_CONNECTION.iter().any(|own| own.eq_ignore_ascii_case(name)));
    plain.response.headers.iter_mut().for_each(|(_, value)| *value = here(value));
    plain.response.body = plain.response.body.map(|body| with_texts(&body, &mut |text| here(text)));
    plain
}

fn plain(foreign: Foreign, target: String, sequence: u64) -> Interaction {
    let Foreign { time, method, headers, body, length, answer, .. } = foreign;
    let (body, unreadable) = match body {
        Body::Empty => (Some(Value::Null), None),
        Body::Json(body) => (Some(body), None),
        Body::Unreadable(why) => (None, Some(Unreadable { because: why.to_string(), bytes: length })),
    };
    Interaction {
        sequence,
        time: time.unwrap_or(Timestamp::UNIX_EPOCH),
        service: None,
        operation: None,
        version: None,
        session: None,
        test: None,
        client: client_of(&headers),
        project: None,
        unauthenticated: false,
        shape: "".into(),
        status: answer.status,
        violations: Vec::new(),
        diagnostic: None,
        valid: None,
        refusal: None,
        fault: None,
        request: RecordedRequest { method, target, headers, body, unreadable, contents: None, flaw: None },
        response: RecordedResponse {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
            contents: answer.contents,
            failure: None,
        },
    }
}
