//! The lines of a recording: one definition for who writes and who reads. docs/recording-format.md describes them.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::json::{Value, from_slice, to_string};
use crate::base::{Diagnostic, Version, as_text, parse_lifetime, split_origin};
use crate::contract::{Code, Contracts, Violation};
use crate::message::{Contents, Flaw, UpstreamFailure};

use super::label::Label;
use super::valid::Valid;

/// The version of the recording format. It changes when a reader of the old one would go wrong.
pub const FORMAT: u64 = 1;

/// What the first line of every recording says it is.
const RECORDING: &str = "recording";

/// The first line. What it has no field for is left out when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Header {
    /// Always `recording`.
    pub mockstack: String,
    /// See [`FORMAT`].
    pub format: u64,
    /// The mockstack that wrote it.
    pub version: String,
    /// The release that the cloud was.
    pub release: Option<String>,
    /// The revision of the contracts; see [`Contracts::revision`].
    pub contracts: String,
    /// The seed of the cloud's ids.
    pub seed: u64,
    /// Where it was recorded, if in front of a real cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<RecordedCloud>,
}

/// A real cloud, without its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCloud {
    /// A digest of the host of its identity service: recordings of one cloud have the same.
    pub host: String,
    /// The path at which its clients logged in: `/identity/v3`.
    pub login: String,
    /// When the recording began.
    #[serde(with = "microseconds")]
    pub time: Timestamp,
    /// The versions of its services at that time, as far as they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceVersion>,
}

/// The version document of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceVersion {
    /// The type of the service, as the catalog has it: `compute`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The version of its API: `v2.1`.
    pub version: String,
    /// The first microversion, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// The last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
}

impl RecordedCloud {
    /// The cloud whose identity service is at `auth_url`, where its clients logged in at the path `login`.
    pub fn new(auth_url: &str, login: String, time: Timestamp) -> RecordedCloud {
        let (origin, _) = split_origin(auth_url);
        let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let digest = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_DNS, host.as_bytes()).simple().to_string();
        RecordedCloud { host: digest.get(..12).unwrap_or_default().to_owned(), login, time, services: Vec::new() }
    }
}

/// A request, its answer, and the complaints about it: all that a verdict needs, and the messages. `B` is a body and `H` the
/// lines of a header: what leaves its secrets out when it is written, and plain values when it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interaction<B = Value, H = Vec<(String, String)>> {
    /// Its place in the recording, from 1.
    pub sequence: u64,
    /// When the request arrived.
    #[serde(with = "microseconds")]
    pub time: Timestamp,
    /// The name of the service, if one is mounted at the path.
    pub service: Option<String>,
    /// The id of the operation, if the path led to one.
    pub operation: Option<Arc<str>>,
    /// The version that the request was served under, if its service has microversions.
    #[serde(rename = "microversion", with = "version", default)]
    pub version: Option<Version>,
    /// The name of the project whose session it belongs to; `None`: the server's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The test that asked, if it was labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<Arc<Label>>,
    /// The program that asked, by its `User-Agent`; it is among the header lines, too.
    #[serde(skip)]
    pub client: Option<String>,
    /// The name of the project of its token, if it had one.
    pub project: Option<String>,
    /// Is the operation one that needs no token: a login, a version document?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unauthenticated: bool,
    /// The shape of the request, without its values: two of the same shape are one case in a report.
    pub shape: Arc<str>,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong with the request.
    pub violations: Vec<Violation>,
    /// The violations as they are reported, with a fix.
    pub diagnostic: Option<Diagnostic>,
    /// Where the request would be right, if a document of it is wrong and its service has microversions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Valid>,
    /// Why the cloud refused, if it did and the request was valid.
    pub refusal: Option<Refused>,
    /// The name of the fault that was injected, if one was: the answer is not the cloud's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What was sent.
    pub request: RecordedRequest<B, H>,
    /// The answer.
    pub response: RecordedResponse<B, H>,
}

/// Why the cloud refused a valid request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What kind of no.
    #[serde(with = "as_text")]
    pub code: Code,
    /// The service's sentence.
    pub message: String,
}

/// A request as a recording keeps it, without secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedRequest<B = Value, H = Vec<(String, String)>> {
    /// The method, upper case.
    pub method: String,
    /// The path and the query as they were sent.
    pub target: String,
    /// The header lines.
    pub headers: H,
    /// The JSON body, null without one; not there if it is `unreadable`.
    #[serde(
        default = "absent",
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none",
        bound(deserialize = "B: Deserialize<'de>")
    )]
    pub body: Option<B>,
    /// What is kept of a body that is not JSON: what cannot be parsed cannot be redacted either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<Unreadable>,
    /// What is kept of a body that may be of any length, such as an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// Why the body is incomplete, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flaw: Option<Flaw>,
}

/// A body that is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Why it cannot be read.
    pub because: String,
    /// Its size.
    pub bytes: usize,
}

/// An answer as a recording keeps it, without secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedResponse<B = Value, H = Vec<(String, String)>> {
    /// The status code.
    pub status: u16,
    /// The header lines, without those of the connection.
    pub headers: H,
    /// The body; `None` is an empty one. A string is a body that is not JSON.
    pub body: Option<B>,
    /// What is kept of a body that may be of any length, such as an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contents: Option<Contents>,
    /// Why the answer of a real cloud is incomplete. The status is then the one that the client got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<UpstreamFailure>,
}

/// The last line, written at the end of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// How it ended; what it means is the report's to know.
    pub end: Value,
    /// How many interactions are before it.
    pub requests: Option<u64>,
}

/// A line after the first.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// An interaction.
    Interaction(Box<Interaction>),
    /// The end of the run.
    End(End),
}

impl Header {
    /// The header of a recording that begins.
    pub fn new(seed: u64, contracts: &Contracts) -> Header {
        Header {
            mockstack: RECORDING.to_owned(),
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            release: contracts.release().map(|release| release.name.clone()),
            contracts: contracts.revision(),
            seed,
            cloud: None,
        }
    }

    /// Reads the first line of a file, in any format; `None` if the file is not a recording.
    pub fn read(line: &[u8]) -> Option<Header> {
        crate::base::json::from_slice(line).ok().filter(|header: &Header| header.mockstack == RECORDING)
    }
}

impl Interaction {
    /// The client is told by the header lines.
    fn with_client(mut self: Box<Interaction>) -> Box<Interaction> {
        self.client = client_of(&self.request.headers);
        self
    }
}

/// The client that header lines tell, if they do.
pub fn client_of(lines: &[(String, String)]) -> Option<String> {
    let client = lines.iter().find(|(name, _)| name.eq_ignore_ascii_case("User-Agent"));
    client.map(|(_, value)| value.clone())
}

impl Line {
    /// Reads a line after the first.
    ///
    /// # Errors
    /// It is not JSON, or neither an interaction nor the end.
    pub fn read(line: &[u8]) -> Result<Line, String> {
        let interaction = from_slice(line).map(|read: Box<Interaction>| Line::Interaction(read.with_client()));
        interaction.or_else(|error| from_slice(line).map(Line::End).map_err(|_| error.to_string()))
    }
}

/// A line with its newline.
pub fn to_line(line: &impl Serialize) -> Vec<u8> {
    // What a line is made of can be written.
    let mut text = to_string(line).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

fn absent<B>() -> Option<B> {
    None
}

/// A body that is there is one, null too.
fn present<'de, D: serde::Deserializer<'de>, B: Deserialize<'de>>(deserializer: D) -> Result<Option<B>, D::Error> {
    B::deserialize(deserializer).map(Some)
}

/// Times are written with six digits of a second.
mod microseconds {
    use super::*;

    pub fn serialize<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{time:.6}"))
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// Versions are written as the contracts write them; one that this mockstack does not know is none.
mod version {
    use super::*;

    pub fn serialize<S: serde::Serializer>(version: &Option<Version>, serializer: S) -> Result<S::Ok, S::Error> {
        match version {
            Some(version) => serializer.collect_str(version),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.and_then(|text| parse_lifetime(&text).ok()?.iter().next()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read and written again is the same to the byte, whatever a line has.
    #[test]
    fn lines_survive_reading_and_writing() {
        let common = r#""time":"2026-11-23T22:24:25.220240Z","service":"compute","operation":"compute.servers.create","microversion":"2.37","project":"demo","shape":"server.name""#;
        let violation = r#"{"code":"not-yet","part":"body","pointer":"/server/tags/0","expected":"not yet","found":"['web']","rule":"contracts/compute/v2.1/servers.yaml:147"}"#;
        let lines = [
            format!(
                r#"{{"sequence":4,{common},"status":400,"violations":[{violation}],"diagnostic":{{"headline":"POST /","rows":[["fix","drop it"]]}},"refusal":null,"request":{{"method":"POST","target":"/a?b","headers":[["host","h"],["vary","a"],["vary","b"]],"body":{{"b":12345678901234567890123,"a":1.50}}}},"response":{{"status":400,"headers":[],"body":{{"z":1,"a":2}}}}}}"#
            ),
            format!(
                r#"{{"sequence":5,{common},"status":204,"violations":[],"diagnostic":null,"refusal":{{"code":"not-found","message":"no"}},"request":{{"method":"GET","target":"/","headers":[],"body":null}},"response":{{"status":204,"headers":[],"body":null}}}}"#
            ),
            r#"{"sequence":1,"time":"2026-11-23T22:24:25.000000Z","service":null,"operation":null,"microversion":null,"project":null,"shape":"","status":400,"violations":[],"diagnostic":null,"refusal":null,"request":{"method":"POST","target":"/","headers":[],"unreadable":{"because":"it is no UTF-8","bytes":3},"flaw":"too slow"},"response":{"status":400,"headers":[],"body":"text"}}"#.to_owned(),
        ];
        for line in lines {
            let Line::Interaction(interaction) = Line::read(line.as_bytes()).unwrap() else { panic!("{line}") };
            assert_eq!(String::from_utf8(to_line(&interaction)).unwrap(), line + "\n");
        }
        let end = Line::read(br#"{"end":{"command":0},"requests":3}"#).unwrap();
        assert_eq!(end, Line::End(End { end: crate::base::json::json!({"command": 0}), requests: Some(3) }));
        assert!(Line::read(b"{}").unwrap_err().contains("sequence"));
    }
}
