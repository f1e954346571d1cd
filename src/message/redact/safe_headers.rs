//! Header lines without their secrets.

use serde::{Serialize, Serializer};

use super::Redaction;
use super::kind::Found;
use super::redaction::replace;
use super::shape::merged;
use crate::message::{Headers, Request, Response};

/// Header lines that leave their secrets out when they are written, as lists of `[name, value]`.
#[derive(Clone, Copy, Debug)]
pub struct SafeHeaders<'a> {
    redaction: &'a Redaction<'a>,
    headers: &'a Headers,
    /// What was found in them, if they were searched.
    found: Option<&'a [(usize, Found)]>,
}

impl SafeHeaders<'_> {
    /// The secrets in each line that tell themselves.
    fn found(&self) -> impl Iterator<Item = Vec<Found>> {
        let lines = self.headers.0.iter().enumerate();
        lines.map(|(place, (name, value))| match self.found {
            None => self.redaction.redactor.secrets_in_header(name, value),
            Some(all) => all.iter().filter(|(line, _)| *line == place).map(|(_, found)| found.clone()).collect(),
        })
    }
}

impl Serialize for SafeHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let redaction = self.redaction;
        serializer.collect_seq(self.headers.0.iter().zip(self.found()).map(|((name, value), mut found)| {
            redaction.values.find(value, &mut found);
            redaction.redactor.leave_kept(value, &mut found);
            let safe = replace(value, merged(found), |kind, secret| redaction.redactor.written(kind, secret));
            (name, safe)
        }))
    }
}

impl Redaction<'_> {
    /// The header lines of the request as they are kept: lists of `[name, value]`.
    pub fn asked_headers<'a>(&'a self, request: &'a Request) -> SafeHeaders<'a> {
        SafeHeaders { redaction: self, headers: &request.headers, found: self.seen.asked.as_deref() }
    }

    /// Those of the answer.
    pub fn answered_headers<'a>(&'a self, response: &'a Response) -> SafeHeaders<'a> {
        SafeHeaders { redaction: self, headers: &response.headers, found: self.seen.answered.as_deref() }
    }
}
