//! An entry of a history, and what it is about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::json::{from_value, to_value};
use crate::base::{Diagnostic, as_text};
use crate::recording::{Line, to_line};

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct About {
    /// The name of the client.
    pub client: String,
    /// Its version.
    pub client_version: String,
    /// The release of the cloud.
    pub release: String,
    /// When the first request was sent.
    #[serde(with = "as_text")]
    pub time: Timestamp,
    /// How many requests the client sent.
    pub requests: u64,
    /// How many of them are left, as all others ask like one of these.
    pub kinds: u64,
}

/// An entry: a recording that says at its end what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is about.
    pub about: About,
    /// The text of the recording.
    pub recording: String,
}

/// What the last line of the recording holds.
#[derive(Serialize, Deserialize)]
struct End {
    history: About,
}

impl Entry {
    /// The entry that holds these lines, without the last.
    pub fn new(about: About, mut lines: Vec<u8>) -> Entry {
        let (end, requests) = (to_value(&End { history: about.clone() }), Some(about.kinds));
        lines.extend(to_line(&crate::recording::End { end: end.unwrap_or_default(), requests }));
        Entry { about, recording: String::from_utf8_lossy(&lines).into_owned() }
    }

    /// The entry whose recording that is; `name` is what a diagnostic calls it.
    ///
    /// # Errors
    /// It is the text of no entry.
    pub fn read(name: &str, recording: String) -> Result<Entry, Diagnostic> {
        let last = recording.lines().next_back().map(|line| Line::read(line.as_bytes()));
        let about = match last {
            Some(Ok(Line::End(end))) => from_value::<End>(&end.end).ok(),
            _ => None,
        };
        let about = about.ok_or_else(|| Entry::none(name))?.history;
        Ok(Entry { about, recording })
    }

    /// What is told of `name`, which is the name of none.
    pub(super) fn none(name: &str) -> Diagnostic {
        Diagnostic::new("this is not an entry of a history")
            .row("where", name)
            .row("fix", "remove it, or choose another --store; entries are made with `mockstack history add`")
    }

    /// What tells it apart: two of the same content are one. The recording says at its end what it is about.
    pub fn id(&self) -> String {
        Sha256::digest(&self.recording)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
