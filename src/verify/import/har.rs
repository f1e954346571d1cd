//! HAR 1.2, as browsers and mitmproxy write it: <http://www.softwareishard.com/blog/har-12-spec/>. What it has no place for is in
//! fields with an underscore before their names, which others leave alone.

use super::besides::Besides;
use super::foreign::{Foreign, decoded, exchange};
use crate::base::json::{Value, from_value, json, to_value};
use crate::message::Query;
use crate::recording::{Header, Interaction};

/// Where an entry keeps its [`Besides`].
const BESIDES: &str = "_mockstack";

/// Where the log keeps the header of the recording that it was.
pub const HEADER: &str = "_recording";

/// The exchange of an entry, if it is one.
pub fn of_entry(entry: &Value) -> Option<Foreign> {
    let messages @ [request, response] = [entry.get("request")?, entry.get("response")?];
    let content = response.get("content");
    let is_base64 = content.and_then(|content| content.get("encoding")).is_some_and(|encoding| encoding == "base64");
    let text = content.and_then(|content| content.get("text"));
    let text = text.map(|text| if is_base64 { decoded(text) } else { text.clone() });
    let bodies = [request.pointer("/postData/text"), text.as_ref()];
    let (method, url) = (request.get("method")?.as_str()?, request.get("url")?.as_str()?);
    Some(Foreign {
        time: entry.get("startedDateTime").and_then(Value::as_str).and_then(|time| time.parse().ok()),
        besides: entry.get(BESIDES).and_then(|besides| from_value::<Besides>(besides).ok()),
        ..exchange(method, url, response.get("status")?, messages, bodies)?
    })
}

/// The file before the entries of a recording that began with `header`, without the closing brackets.
pub fn log(header: &Header) -> String {
    let creator = json!({"name": "mockstack", "version": env!("CARGO_PKG_VERSION")});
    let log = json!({"version": "1.2", "creator": creator, HEADER: to_value(header).unwrap_or_default()}).to_string();
    format!("{{\"log\":{},\"entries\":[\n", log.strip_suffix('}').unwrap_or(&log))
}

/// An interaction as an entry. How long it took was not recorded.
pub fn entry(interaction: &Interaction) -> Value {
    let Interaction { time, request, response, .. } = interaction;
    let besides = Besides {
        target: request.target.clone(),
        project: interaction.project.clone(),
        violations: interaction.violations.clone(),
        diagnostic: interaction.diagnostic.clone(),
        refusal: interaction.refusal.clone(),
        unreadable: request.unreadable.clone(),
        flaw: request.flaw,
        contents: [request.contents.clone(), response.contents.clone()],
        failure: response.failure,
    };
    let host = value_of(&request.headers, "Host").unwrap_or("127.0.0.1");
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let sent = request.body.as_ref().filter(|body| !body.is_null()).map(Value::to_string);
    let size = request.unreadable.as_ref().map_or(sent.as_ref().map_or(0, String::len), |unreadable| unreadable.bytes);
    let mut asked = json!({
        "method": request.method,
        // A placeholder has a blank in it.
        "url": format!("http://{host}{}", request.target.replace(' ', "%20")),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": named(&request.headers),
        "queryString": named(&Query::parse(query).0),
        "headersSize": -1,
        "bodySize": size,
    });
    if let Some(text) = sent {
        asked["postData"] = json!({"mimeType": media(&request.headers), "params": [], "text": text});
    }
    let text = response.body.as_ref().map(|body| text_of(body, media(&response.headers))).unwrap_or_default();
    let status = http::StatusCode::from_u16(response.status).ok();
    json!({
        "startedDateTime": format!("{time:.6}"),
        "time": 0,
        "request": asked,
        "response": {
            "status": response.status,
            "statusText": status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": named(&response.headers),
            "content": {"size": text.len(), "mimeType": media(&response.headers), "text": text},
            "redirectURL": value_of(&response.headers, "Location").unwrap_or_default(),
            "headersSize": -1,
            "bodySize": text.len(),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        BESIDES: to_value(&besides).unwrap_or_default(),
    })
}

/// The bytes of a body. A text is one that is no JSON, unless it is said to be JSON and could not be read as anything else.
fn text_of(body: &Value, media: &str) -> String {
    match body {
        Value::String(text) if !media.contains("json") => text.clone(),
        other => other.to_string(),
    }
}

fn value_of<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn media(headers: &[(String, String)]) -> &str {
    value_of(headers, "Content-Type").unwrap_or_default()
}

fn named(pairs: &[(String, String)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}
