//! The same requests and answers as other tools record them, and what `convert` and `verify` leave of such files.

use std::fs;
use std::path::Path;
use std::process::Command;

use mockstack::base::json::{Value, json};
use mockstack::report::{FORMATS, Format};
use tempfile::TempDir;

use super::places::Ask;

/// A request, and its answer with the head.
#[derive(Clone)]
pub struct Exchange {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
    answer: String,
}

impl Exchange {
    /// What was asked and answered; `None` if it was no request.
    pub fn new(ask: &Ask, answer: &str) -> Option<Exchange> {
        let Ask { method, target, headers, body, raw } = ask;
        let whole = raw.is_none() && answer.starts_with("HTTP/1.1 ");
        whole.then(|| Exchange {
            method,
            target: target.clone(),
            headers: headers.clone(),
            body: body.clone(),
            answer: answer.to_owned(),
        })
    }

    fn url(&self) -> String {
        format!("http://10.1.2.3{}", self.target)
    }

    fn status(&self) -> u16 {
        self.answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn head(&self) -> (Vec<(String, String)>, &str) {
        let (head, body) = self.answer.split_once("\r\n\r\n").unwrap_or((&self.answer, ""));
        let line = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        (head.lines().skip(1).filter_map(line).collect(), body)
    }
}

fn named(lines: &[(String, String)]) -> Value {
    lines.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn listed(lines: &[(String, String)]) -> Value {
    let mut all = mockstack::base::json::Map::new();
    for (name, value) in lines {
        let values = all.get_or_insert_with(name.clone(), || json!([]));
        values.as_array_mut().unwrap().push(value.as_str().into());
    }
    all.into()
}

fn har(exchanges: &[Exchange]) -> String {
    let entry = |exchange: &Exchange| {
        let (headers, body) = exchange.head();
        json!({
            "startedDateTime": "2026-11-29T09:00:00.000Z",
            "request": {"method": exchange.method, "url": exchange.url(), "headers": named(&exchange.headers),
                        "postData": {"mimeType": "application/json", "text": exchange.body}},
            "response": {"status": exchange.status(), "headers": named(&headers), "content": {"text": body}},
        })
    };
    json!({"log": {"version": "1.2", "entries": exchanges.iter().map(entry).collect::<Vec<_>>()}}).to_string()
}

fn cassette(exchanges: &[Exchange]) -> Value {
    let interaction = |exchange: &Exchange| {
        let (headers, body) = exchange.head();
        json!({
            "request": {"method": exchange.method, "uri": exchange.url(), "headers": listed(&exchange.headers),
                        "body": {"string": exchange.body}},
            "response": {"status": {"code": exchange.status()}, "headers": listed(&headers), "body": {"string": body}},
        })
    };
    json!({"interactions": exchanges.iter().map(interaction).collect::<Vec<_>>()})
}

fn lines(exchanges: &[Exchange]) -> String {
    let line = |exchange: &Exchange| {
        let (headers, body) = exchange.head();
        let line = json!({
            "method": exchange.method, "target": exchange.target,
            "request": {"headers": exchange.headers, "body": exchange.body},
            "response": {"status": exchange.status(), "headers": headers, "body": body},
        });
        format!("{line}\n")
    };
    exchanges.iter().map(line).collect()
}

/// As keystoneauth would log it if it left nothing out.
fn debug_log(exchanges: &[Exchange]) -> String {
    let told = |exchange: &Exchange| {
        let (headers, body) = exchange.head();
        let sent: String = exchange.headers.iter().map(|(name, value)| format!(" -H \"{name}: {value}\"")).collect();
        let given: String = headers.iter().map(|(name, value)| format!(" {name}: {value}")).collect();
        let Exchange { method, body: asked, .. } = exchange;
        let (url, status) = (exchange.url(), exchange.status());
        format!(
            "REQ: curl -g -i -X {method} \"{url}\"{sent} -d '{asked}'\nRESP: [{status}]{given}\nRESP BODY: {body}\n"
        )
    };
    exchanges.iter().map(told).collect()
}

/// Of every other place one encoding, and what the cloud issued; `first` says with which it begins.
fn some(exchanges: &[Exchange], first: usize) -> Vec<Exchange> {
    let last = exchanges.len() - 20;
    let is_taken = |place: usize| place < 20 || place > last || (place + place / 16) % 16 == first;
    exchanges.iter().enumerate().filter(|(place, _)| is_taken(*place)).map(|(_, exchange)| exchange.clone()).collect()
}

/// Converts and verifies the exchanges as they come from other tools; every byte that this writes.
pub fn left(exchanges: &[Exchange]) -> Vec<(String, String)> {
    let folder = TempDir::new().unwrap();
    let mut left = Vec::new();
    let sources = [
        ("a.har", har(&some(exchanges, 0))),
        ("betamax.json", cassette(&some(exchanges, 5)).to_string()),
        ("lines.jsonl", lines(&some(exchanges, 10))),
        ("debug.log", debug_log(&some(exchanges, 13))),
    ];
    for (name, text) in sources {
        let from = folder.path().join(name);
        fs::write(&from, text).unwrap();
        let out = TempDir::new().unwrap();
        let from = from.to_str().unwrap();
        let reports: Vec<String> =
            FORMATS.iter().map(|Format { name, .. }| format!("--report={name}=report.{name}")).collect();
        let reports: Vec<&str> = reports.iter().map(String::as_str).collect();
        for arguments in [
            &["convert", from, if name == "a.har" { "other.har" } else { "recording.jsonl" }][..],
            &[&["verify", from][..], &reports].concat(),
            &["verify", from, "--release", "train..ussuri"],
            &["explain-log", from],
        ] {
            let ran = mockstack(out.path(), arguments);
            left.push((format!("mockstack {}", arguments[0]), ran.clone()));
            assert!(!ran.contains("error:"), "{name}: {ran}");
        }
        for entry in fs::read_dir(out.path()).unwrap() {
            let path = entry.unwrap().path();
            let made = path.file_name().unwrap().to_str().unwrap();
            left.push((format!("{name} → {made}"), fs::read_to_string(&path).unwrap()));
        }
    }
    assert_eq!(left.len(), 4 * (4 + 1 + FORMATS.len()));
    left
}

fn mockstack(folder: &Path, arguments: &[&str]) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_mockstack")).current_dir(folder).args(arguments).output().unwrap();
    String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned()
}
