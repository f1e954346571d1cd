//! An exchange that another tool recorded, and the values that all tools write.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::besides::Besides;
use crate::base::json::{Value, from_value};
use crate::message::{Body, Contents};

/// An exchange that another tool recorded.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// When it was asked, if that was kept.
    pub time: Option<Timestamp>,
    /// The method.
    pub method: String,
    /// The URL, or the path alone.
    pub url: String,
    /// The type of the service, if it was kept.
    pub service: Option<String>,
    /// The header lines of the request.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Body,
    /// How many bytes the body has, if it is a text.
    pub length: usize,
    /// The answer.
    pub answer: ForeignAnswer,
    /// What mockstack kept of it, if it wrote the file.
    pub besides: Option<Besides>,
}

/// The answer of an exchange.
#[derive(Clone, Debug)]
pub struct ForeignAnswer {
    /// The status.
    pub status: u16,
    /// The header lines.
    pub headers: Vec<(String, String)>,
    /// The body, if there was one; a string is one that is not JSON.
    pub body: Option<Value>,
    /// What is known of a body that was not kept.
    pub contents: Option<Contents>,
}

/// Is the line an exchange: `{"url": …, "method": …, "request": {…}, "response": {…}}`?
pub fn is_exchange(line: &Value) -> bool {
    line.get("request").is_some_and(Value::is_object) && line.get("response").is_some_and(Value::is_object)
}

/// The exchange of a line, if it is one.
pub fn of_line(line: &Value) -> Option<Foreign> {
    let messages @ [request, response] = [line.get("request")?, line.get("response")?];
    let text = |key: &str| line.get(key).or_else(|| request.get(key)).and_then(Value::as_str);
    let url = text("url").or_else(|| text("target"))?;
    let bodies = messages.map(|message| message.get("body"));
    Some(Foreign {
        time: text("time").and_then(|time| time.parse().ok()),
        service: text("service").map(str::to_owned),
        ..exchange(text("method")?, url, response.get("status")?, messages, bodies)?
    })
}

/// The exchange of an interaction in a cassette of betamax or VCR, if it is one.
pub fn of_cassette(interaction: &Value) -> Option<Foreign> {
    let messages @ [request, response] = [interaction.get("request")?, interaction.get("response")?];
    let method = request.get("method")?.as_str()?.to_ascii_uppercase();
    let url = request.get("uri").or_else(|| request.get("url"))?.as_str()?;
    let code = response.get("status").map(|status| status.get("code").unwrap_or(status))?;
    let bodies = messages.map(|message| match message.get("body") {
        Some(Value::Object(kept)) => match kept.get("base64_string") {
            Some(text) => Some(decoded(text)),
            None => kept.get("string").cloned(),
        },
        other => other.cloned(),
    });
    Some(Foreign {
        time: interaction.get("recorded_at").and_then(Value::as_str).and_then(|time| time.parse().ok()),
        ..exchange(&method, url, code, messages, [bodies[0].as_ref(), bodies[1].as_ref()])?
    })
}

/// What all formats have in common: a request and its answer, with `headers`, and their bodies as they were kept; `None` if the
/// `code` is not an HTTP status.
pub fn exchange(
    method: &str,
    url: &str,
    code: &Value,
    [request, response]: [&Value; 2],
    [asked, answered]: [Option<&Value>; 2],
) -> Option<Foreign> {
    Some(Foreign {
        time: None,
        method: method.to_owned(),
        url: url.to_owned(),
        service: None,
        headers: headers(request.get("headers")),
        body: body(asked),
        length: asked.and_then(Value::as_str).map_or(0, str::len),
        answer: ForeignAnswer {
            status: status(code)?,
            headers: headers(response.get("headers")),
            body: answer(body(answered), answered),
            contents: response.get("contents").and_then(|contents| from_value(contents).ok()),
        },
        besides: None,
    })
}

/// A status that HTTP has.
fn status(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|status| u16::try_from(status).ok()).filter(|status| (100..600).contains(status))
}

/// Header lines: pairs, `{"name": …, "value": …}`, or an object of texts or lists of texts.
fn headers(value: Option<&Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let lines: Vec<(String, String)> = match value {
        Some(Value::Array(lines)) => lines
            .iter()
            .filter_map(|line| match line {
                Value::Array(pair) => Some((text(pair.first()?)?, text(pair.get(1)?)?)),
                line => Some((text(line.get("name")?)?, text(line.get("value")?)?)),
            })
            .collect(),
        Some(Value::Object(lines)) => lines
            .iter()
            .flat_map(|(name, value)| match value {
                Value::Array(values) => values.iter().filter_map(text).map(|value| (name.to_string(), value)).collect(),
                value => text(value).map(|value| (name.to_string(), value)).into_iter().collect::<Vec<_>>(),
            })
            .collect(),
        _ => Vec::new(),
    };
    // `:authority` and the like are HTTP/2's way to write the request line.
    lines.into_iter().filter(|(name, _)| !name.starts_with(':')).collect()
}

/// The body of a request, which is kept as JSON or as its text; null is none.
fn body(value: Option<&Value>) -> Body {
    match value {
        None | Some(Value::Null) => Body::Empty,
        Some(Value::String(text)) if text.is_empty() => Body::Empty,
        Some(Value::String(text)) => Body::of_text(text),
        Some(other) => Body::Json(other.clone()),
    }
}

/// The body of an answer, which was `read` out of `kept`.
fn answer(read: Body, kept: Option<&Value>) -> Option<Value> {
    match read {
        Body::Empty => None,
        Body::Json(body) => Some(body),
        Body::Unreadable(_) => kept.cloned(),
    }
}

/// Decodes base64 text.
pub fn decoded(value: &Value) -> Value {
    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned().into()
}
