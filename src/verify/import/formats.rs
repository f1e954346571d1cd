//! The formats that exchanges come in.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;

use crate::base::{Diagnostic, open_file, parse_yaml, read_text};
use crate::recording::Lines;

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
    /// Its body: JSON; a text is one that is no JSON.
    pub body: Value,
    /// The answer.
    pub answer: ForeignAnswer,
}

/// The answer of an exchange.
#[derive(Clone, Debug)]
pub struct ForeignAnswer {
    /// The status.
    pub status: u16,
    /// The header lines.
    pub headers: Vec<(String, String)>,
    /// The body: JSON; a text is one that is no JSON.
    pub body: Value,
}

type Exchanges = Box<dyn Iterator<Item = Result<Foreign, Diagnostic>> + Send>;

/// Is the line an exchange: `{"url": …, "method": …, "request": {…}, "response": {…}}`?
pub fn is_exchange(line: &Value) -> bool {
    line.get("request").is_some_and(Value::is_object) && line.get("response").is_some_and(Value::is_object)
}

/// A line of JSON for each exchange.
pub fn lines(path: &Path) -> Result<Exchanges, Diagnostic> {
    let name = path.display().to_string();
    let wrong = |place: String, why: String| {
        Diagnostic::new("a line of the file cannot be read").row("where", place).row("because", why)
    };
    let lines = open_file(path).and_then(Lines::new).map_err(|error| wrong(name.clone(), error.to_string()))?;
    Ok(Box::new(lines.map(move |line| {
        let line = line.map_err(|error| wrong(name.clone(), error.to_string()))?;
        let place = format!("{name}:{}", line.number);
        let json: Value =
            serde_json::from_slice(&line.text).map_err(|error| wrong(place.clone(), error.to_string()))?;
        of_line(&json).ok_or_else(|| wrong(place, "it is no exchange".to_owned()))
    })))
}

fn of_line(line: &Value) -> Option<Foreign> {
    let (request, response) = (line.get("request")?, line.get("response")?);
    let text = |key: &str| line.get(key).or_else(|| request.get(key)).and_then(Value::as_str);
    Some(Foreign {
        time: text("time").and_then(|time| time.parse().ok()),
        method: text("method")?.to_owned(),
        url: text("url").or_else(|| text("target"))?.to_owned(),
        service: text("service").map(str::to_owned),
        headers: headers(request.get("headers")),
        body: body(request.get("body")),
        answer: ForeignAnswer {
            status: status(response.get("status")?)?,
            headers: headers(response.get("headers")),
            body: body(response.get("body")),
        },
    })
}

/// A file that is one document: HAR, or a cassette in JSON or YAML.
pub fn whole(path: &Path) -> Result<Exchanges, Diagnostic> {
    let name = path.display().to_string();
    let unknown = || {
        Diagnostic::new("this is no recording, and nothing that could be read as one")
            .row("where", name.as_str())
            .row("expected", "a file that `--record` wrote, a HAR file, a cassette of betamax or VCR, or an exchange in JSON on each line")
    };
    let text = read_text(path).map_err(|error| {
        Diagnostic::new("cannot read the recording").row("where", name.as_str()).row("because", error.to_string())
    })?;
    let document: Value = match serde_json::from_str(&text) {
        Ok(document) => document,
        Err(_) => parse_yaml(&name, &text).map_err(|_| unknown())?.to_json(),
    };
    let (items, read): (_, fn(&Value) -> Option<Foreign>) = if let Some(entries) = document.pointer("/log/entries") {
        (entries, of_har)
    } else if let Some(interactions) = document.get("http_interactions").or_else(|| document.get("interactions")) {
        (interactions, of_cassette)
    } else {
        return Err(unknown());
    };
    let items = items.as_array().cloned().ok_or_else(unknown)?;
    Ok(Box::new(items.into_iter().enumerate().map(move |(number, item)| {
        read(&item).ok_or_else(|| {
            Diagnostic::new("an exchange of the file cannot be read")
                .row("where", format!("{name}, exchange {}", number + 1))
                .row("because", "it lacks a method, a URL or a status")
        })
    })))
}

fn of_har(entry: &Value) -> Option<Foreign> {
    let (request, response) = (entry.get("request")?, entry.get("response")?);
    let content = response.get("content");
    let is_base64 = content.and_then(|content| content.get("encoding")).is_some_and(|encoding| encoding == "base64");
    let text = content.and_then(|content| content.get("text"));
    Some(Foreign {
        time: entry.get("startedDateTime").and_then(Value::as_str).and_then(|time| time.parse().ok()),
        method: request.get("method")?.as_str()?.to_owned(),
        url: request.get("url")?.as_str()?.to_owned(),
        service: None,
        headers: headers(request.get("headers")),
        body: body(request.pointer("/postData/text")),
        answer: ForeignAnswer {
            status: status(response.get("status")?)?,
            headers: headers(response.get("headers")),
            body: if is_base64 { decoded(text) } else { body(text) },
        },
    })
}

fn of_cassette(interaction: &Value) -> Option<Foreign> {
    let (request, response) = (interaction.get("request")?, interaction.get("response")?);
    let code = response.get("status").map(|status| status.get("code").unwrap_or(status))?;
    let content = |message: &Value| match message.get("body") {
        Some(Value::Object(kept)) => match kept.get("base64_string") {
            Some(text) => decoded(Some(text)),
            None => body(kept.get("string")),
        },
        other => body(other),
    };
    Some(Foreign {
        time: interaction.get("recorded_at").and_then(Value::as_str).and_then(|time| time.parse().ok()),
        method: request.get("method")?.as_str()?.to_ascii_uppercase(),
        url: request.get("uri").or_else(|| request.get("url"))?.as_str()?.to_owned(),
        service: None,
        headers: headers(request.get("headers")),
        body: content(request),
        answer: ForeignAnswer {
            status: status(code)?,
            headers: headers(response.get("headers")),
            body: content(response),
        },
    })
}

fn status(value: &Value) -> Option<u16> {
    value.as_u64().and_then(|status| u16::try_from(status).ok()).filter(|status| *status >= 100)
}

/// Header lines: pairs, `{"name": …, "value": …}`, or an object of texts or lists of texts.
fn headers(value: Option<&Value>) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
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
                Value::Array(values) => values.iter().filter_map(text).map(|value| (name.clone(), value)).collect(),
                value => text(value).map(|value| (name.clone(), value)).into_iter().collect::<Vec<_>>(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A body that is kept as JSON or as its text; null is none.
fn body(value: Option<&Value>) -> Value {
    match value {
        None => Value::Null,
        Some(Value::String(text)) if text.is_empty() => Value::Null,
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
        Some(other) => other.clone(),
    }
}

fn decoded(value: Option<&Value>) -> Value {
    let bytes = value.and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    body(Some(&String::from_utf8_lossy(&bytes).into_owned().into()))
}
