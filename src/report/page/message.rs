//! A request and its answer as they went over the wire, as HTML text.

use super::json::{escaped, marked};
use crate::base::Pointer;
use crate::base::json::Value;
use crate::contract::{Part, Violation};
use crate::recording::{Interaction, RecordedRequest, RecordedResponse};

/// The most bytes of a body: of a request that is wrong, and of one that is not.
const MOST: (usize, usize) = (20_000, 2_000);

/// Header lines that every message has, or that only the wire needs.
const PLAIN: [&str; 13] = [
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "date",
    "host",
    "server",
    "transfer-encoding",
    "user-agent",
    "vary",
    "x-compute-request-id",
    "x-openstack-request-id",
];

/// The request, with marks at what is wrong.
pub fn request(interaction: &Interaction) -> String {
    let RecordedRequest { method, headers, body, unreadable, contents, flaw, .. } = &interaction.request;
    let mut out = format!("{} {}\n", escaped(method), target(interaction));
    out.push_str(&lines(headers, &named(&interaction.violations, Part::Header)));
    let body = body.as_ref().filter(|body| **body != Value::Null);
    if let Some(body) = body {
        let wrong = places(&interaction.violations, Part::Body);
        out.push_str(&format!("\n{}", marked(body, &wrong, most(interaction))));
    }
    if let Some(unreadable) = unreadable {
        out.push_str(&format!("\n<i>{} bytes: {}</i>", unreadable.bytes, escaped(&unreadable.because)));
    }
    if let Some(contents) = contents {
        out.push_str(&format!("\n<i>{} bytes, MD5 {}</i>", contents.length, escaped(&contents.md5)));
    }
    if let Some(flaw) = flaw {
        out.push_str(&format!("\n<mark>the body is {}</mark>", flaw.name()));
    }
    out
}

/// The answer, with marks at what is wrong with it.
pub fn answer(interaction: &Interaction) -> String {
    let RecordedResponse { status, headers, body, contents, failure } = &interaction.response;
    let mut out = format!("{status}\n{}", lines(headers, &[]));
    match body {
        Some(Value::String(text)) => out.push_str(&format!("\n{}", text_of(text, most(interaction)))),
        Some(body) => {
            let wrong = places(&interaction.violations, Part::Answer);
            out.push_str(&format!("\n{}", marked(body, &wrong, most(interaction))));
        }
        None => {}
    }
    if let Some(contents) = contents {
        out.push_str(&format!("\n<i>{} bytes, MD5 {}</i>", contents.length, escaped(&contents.md5)));
    }
    if let Some(failure) = failure {
        out.push_str(&format!("\n<mark>{}</mark>", escaped(failure.told())));
    }
    out
}

/// What the service says of a request that it refuses: the sentence in its answer.
pub fn words(interaction: &Interaction) -> Option<String> {
    let body = interaction.response.body.as_ref()?;
    match body {
        _ if interaction.status < 400 => None,
        Value::Object(map) => {
            let inner = map.values().find_map(|value| value.get("message").or_else(|| value.get("detail")));
            let message = body.get("message").or(inner).or_else(|| map.values().find(|value| value.as_str().is_some()));
            message?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

fn most(interaction: &Interaction) -> usize {
    if interaction.violations.is_empty() { MOST.1 } else { MOST.0 }
}

fn text_of(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}<i>… the rest is in the recording</i>", escaped(&text[..end])),
        None => escaped(text),
    }
}

/// The path and the query, with marks at what is wrong.
fn target(interaction: &Interaction) -> String {
    let target = &interaction.request.target;
    let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    let is_lost = interaction.violations.iter().any(|violation| violation.part == Part::Path);
    let path = if is_lost { format!("<mark>{}</mark>", escaped(path)) } else { escaped(path) };
    let Some(query) = query else { return path };
    let wrong = named(&interaction.violations, Part::Query);
    let parameter = |text: &str| {
        let name = text.split('=').next().unwrap_or_default();
        let is_wrong = wrong.iter().any(|wrong| wrong.eq_ignore_ascii_case(name));
        if is_wrong { format!("<mark>{}</mark>", escaped(text)) } else { escaped(text) }
    };
    format!("{path}?{}", query.split('&').map(parameter).collect::<Vec<_>>().join("&amp;"))
}

fn lines(headers: &[(String, String)], wrong: &[String]) -> String {
    let is_wrong = |name: &str| wrong.iter().any(|wrong| wrong.eq_ignore_ascii_case(name));
    let line = |(name, value): &(String, String)| {
        let line = escaped(&format!("{name}: {value}"));
        if is_wrong(name) { format!("<mark>{line}</mark>\n") } else { format!("{line}\n") }
    };
    let is_plain = |name: &str| PLAIN.iter().any(|plain| plain.eq_ignore_ascii_case(name)) && !is_wrong(name);
    headers.iter().filter(|(name, _)| !is_plain(name)).map(line).collect()
}

fn places(violations: &[Violation], part: Part) -> Vec<Pointer> {
    violations.iter().filter(|own| own.part == part).map(|own| own.pointer.clone()).collect()
}

/// The names of the wrong parameters or header lines.
fn named(violations: &[Violation], part: Part) -> Vec<String> {
    violations.iter().filter(|own| own.part == part).filter_map(|own| own.pointer.first()).collect()
}
