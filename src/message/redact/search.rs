//! Where texts, paths and header lines hold secrets.

use std::sync::PoisonError;

use super::Kind;
use super::kind::Found;
use super::names::kind_by_name;
use super::redactor::Redactor;
use super::shape::{Looked, SHORTEST, merged, new_ones, secrets_in};
use super::words::is_uuid;
use crate::message::percent_decode;

impl Redactor {
    /// The secrets in `text`: what looks like one, and those that came up before. `is_open`: nothing says what the text is, so a
    /// random-looking word is taken for a secret too.
    pub(super) fn secrets_in(&self, text: &str, is_open: bool) -> Vec<Found> {
        if text.len() < SHORTEST {
            return Vec::new();
        }
        if is_uuid(text) {
            // Most texts of answers are ids; there is nothing else to find in one.
            return self.known(text).map(|kind| (0..text.len(), kind)).into_iter().collect();
        }
        let clean = || self.clean.lock().unwrap_or_else(PoisonError::into_inner);
        if clean().contains(text, is_open) {
            return Vec::new();
        }
        let Looked { found, is_encoded } = secrets_in(text, is_open, &|word| self.known(word));
        if found.is_empty() && !is_encoded {
            clean().add(text, is_open);
        }
        found
    }

    /// The secrets of a path and a query: parameters by name, and values that look like one or take the place of one.
    pub(super) fn secrets_in_target(&self, target: &str) -> Vec<Found> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // A path is made of names and ids; what else looks random was put there by mistake.
        let mut found = self.secrets_in(target, true);
        let mut start = path.len() + 1;
        for part in query.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            if let Some(kind) = kind_by_name(&percent_decode(name)).filter(|_| !value.is_empty()) {
                found.push((start + name.len() + 1..start + part.len(), kind));
            }
            start += part.len() + 1;
        }
        new_ones(target, merged(found))
    }

    /// Where a header line holds a secret.
    pub(super) fn secrets_in_header(&self, name: &str, value: &str) -> Vec<Found> {
        // What tells of the client or the message is not random, whatever it looks like.
        const ORDINARY: [&str; 9] = [
            "host",
            "user-agent",
            "content-type",
            "content-length",
            "accept",
            "accept-encoding",
            "vary",
            "etag",
            "date",
        ];
        let is_one_of = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        if value.is_empty() {
            return Vec::new();
        }
        if let Some(kind) = kind_by_name(name) {
            return vec![(0..value.len(), kind)];
        }
        if name.eq_ignore_ascii_case("host") {
            let user = value.rfind('@').map(|at| (0..at, Kind::Credential));
            return user.into_iter().chain(self.secrets_in(value, false)).collect();
        }
        if is_one_of(&["referer", "location", "content-location"]) {
            return self.secrets_in_target(value);
        }
        self.secrets_in(value, !is_one_of(&ORDINARY))
    }
}
