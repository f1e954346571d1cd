//! Where a cloud and its contract differ about a request and its answer.

use super::ruling::{Findings, Ruling};
use crate::base::Version;
use crate::base::json::Value;
use crate::cloud::manner;
use crate::contract::{AnswerTo, Code, Dialect, Operation, Part, ServiceContract, Violation, is_right, judge_answer};
use crate::message::{Query, Request, Response, UpstreamFailure};

/// The answer of a cloud that is not ours, and what of its request decides on what it may be.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The method.
    pub method: &'a str,
    /// The query, still percent-encoded.
    pub query: &'a str,
    /// The status.
    pub status: u16,
    /// The body; null if it is empty, or was not kept.
    pub body: &'a Value,
    /// Is it complete, and was it kept? Of any other answer only the status is judged.
    pub is_whole: bool,
}

/// Adds to `ruling` what follows from the answer of a real cloud: why it refused, what is wrong with it, and where cloud and contract
/// differ. An incomplete answer is not judged. `is_kept`: its body is in `response`.
pub fn weigh(
    ruling: &mut Ruling<'_>,
    request: &Request,
    response: &Response,
    is_kept: bool,
    failure: Option<UpstreamFailure>,
) {
    if let Some(failure) = failure {
        ruling.findings.refusal = Some((Code::Upstream, failure.told().to_owned()));
        return;
    }
    let body = response.body.clone().unwrap_or_default();
    let Request { method, query, .. } = request;
    let given = Given { method, query, status: response.status, body: &body, is_whole: is_kept };
    let wrong = disagreements(ruling, given);
    let findings = &mut ruling.findings;
    findings.violations.extend(wrong);
    let own = findings.refusal.take().or_else(|| refusal_by_status(response.status, &body));
    findings.refusal = own.filter(|_| is_right(&findings.violations));
}

/// Has an answer of ours something that the contract of the operation does not allow?
pub fn breaks_contract(ruling: &Ruling<'_>, request: &Request, response: &Response) -> bool {
    let body = response.body.clone().unwrap_or_default();
    let Request { method, query, .. } = request;
    let given = Given { method, query, status: response.status, body: &body, is_whole: response.contents.is_none() };
    !disagreements(ruling, given).is_empty()
}

/// What is wrong with the answer, and where cloud and contract differ about the request.
pub fn disagreements(ruling: &Ruling<'_>, given: Given<'_>) -> Vec<Violation> {
    let (Some(contract), Some(operation)) = (ruling.target.contract, ruling.target.operation) else {
        return Vec::new();
    };
    let Ok(table) = contract.table() else { return Vec::new() };
    let is_right = is_right(&ruling.findings.violations);
    let version = ruling.target.version.unwrap_or(Version::FIRST);
    let api = contract.service.versions();
    let Given { method, query, status, body, is_whole } = given;
    let answer = AnswerTo {
        // The answer to HEAD is the other one whose body nobody sees.
        method: if is_whole { method } else { "HEAD" },
        is_right,
        is_partial: Query::parse(query).last("fields").is_some(),
        status,
        body,
    };
    let mut wrong = judge_answer(operation, &table.schemas, api, version, answer);
    if !is_right && status < 300 {
        let found = status.to_string();
        wrong.push(disagreement(operation, Code::AcceptedThoughWrong, "a refusal of the invalid request", found));
    }
    wrong.extend((is_right && status == 400).then(|| bad_request(contract, operation, body)));
    wrong
}

fn disagreement(operation: &Operation, code: Code, expected: &str, found: String) -> Violation {
    let plain = Violation::plain(code, Part::Answer, "", expected, found);
    Violation { rule: Some(operation.place.clone()), ..plain }
}

/// The 400 to a request that is right by its contract.
fn bad_request(contract: &ServiceContract, operation: &Operation, body: &Value) -> Violation {
    let message = message(body);
    if is_of_the_schema(contract.service.dialect, &message) {
        return disagreement(operation, Code::RefusedThoughRight, "an answer to the valid request", "400".to_owned());
    }
    // The service blames the client for what it alone can know, as the simulated cloud does in its place.
    let expected = if message.is_empty() { "a request that the service accepts" } else { &message };
    Violation { part: Part::Path, ..disagreement(operation, Code::Rule, expected, String::new()) }
}

/// What a cloud that refused has against a request that the contract accepts: a 400 is a violation, anything else a refusal.
pub fn objection(ruling: &Ruling<'_>, status: u16, body: &Value) -> Findings {
    match (ruling.target.contract, ruling.target.operation) {
        _ if !is_right(&ruling.findings.violations) => Findings::default(),
        (Some(contract), Some(operation)) if status == 400 => {
            Findings { violations: vec![bad_request(contract, operation, body)], ..Findings::default() }
        }
        _ => Findings { refusal: refusal_by_status(status, body), ..Findings::default() },
    }
}

/// Is it the sentence in which the service's schema refuses a request? Its code refuses others for what the cloud holds, which
/// nobody tells us.
fn is_of_the_schema(dialect: Dialect, message: &str) -> bool {
    manner(dialect).schema_refusals.iter().any(|words| message.contains(words))
}

/// The sentence of a refusal: `{"badRequest": {"message": …}}`, `{"error": {…}}`, `{"NeutronError": {…}}`; Glance says it in HTML.
fn message(body: &Value) -> String {
    let inner = body.as_object().and_then(|map| map.values().find_map(|value| value.get("message")?.as_str()));
    let text = inner.or_else(|| body.get("message")?.as_str()).or(body.as_str()).unwrap_or_default();
    if text.contains('<') { without_tags(text) } else { text.to_owned() }
}

/// The sentences of a page of webob's, which has a title, a heading that says the same, and breaks.
fn without_tags(page: &str) -> String {
    let after_heading = page.split_once("</h1>").map_or(page, |(_, rest)| rest);
    let mut text = String::new();
    for (place, part) in after_heading.split('<').enumerate() {
        // What is no tag stays: `min_count must be <= max_count`.
        match part
            .split_once('>')
            .filter(|(tag, _)| place > 0 && tag.starts_with(|c: char| c == '/' || c.is_ascii_alphabetic()))
        {
            Some((_, rest)) => text.push_str(rest),
            None if place > 0 => text.extend(["<", part]),
            None => text.push_str(part),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why the cloud refused a valid request, by the status; `None` if it did not.
pub fn refusal_by_status(status: u16, body: &Value) -> Option<(Code, String)> {
    let code = match status {
        401 => Code::Token,
        403 => Code::Policy,
        404 => Code::NotFound,
        409 => Code::State,
        413 | 429 => Code::Quota,
        _ => return None,
    };
    Some((code, message(body)))
}

#[cfg(test)]
mod tests {
    use crate::base::json::json;

    use super::*;

    #[test]
    fn sentences_are_told_without_their_page() {
        let page = "<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  No image found with ID x<br /><br />\n\n\n\n </body>\n</html>";
        assert_eq!(message(&json!(page)), "No image found with ID x");
        let found = json!({"message": "The resource could not be found.<br /><br />\n\n\n", "code": "404 Not Found"});
        assert_eq!(message(&found), "The resource could not be found.");
        assert_eq!(message(&json!({"badRequest": {"message": "a must be <= b"}})), "a must be <= b");
    }
}
