//! Requests and answers as a recording keeps them. They are written straight from what is at hand, so that no body is copied
//! first; what is a secret never gets further than the redactor.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::format::{Interaction, RecordedRequest, RecordedResponse, Unreadable};
use crate::base::json::{Value, from_str, to_string};
use crate::message::{Body, Headers, Redaction, Request, Response, Safe, SafeHeaders};

/// What stands for no body.
static NO_BODY: Value = Value::Null;

impl RecordedRequest {
    /// The request as it arrived, with placeholders for its secrets, and its body. Of the bytes of the body only the first two are
    /// there: they say that there are some.
    pub fn request(&self) -> (Request, Body) {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let body = match &self.body {
            None | Some(Value::Null) => Body::Empty,
            Some(body) => Body::Json(body.clone()),
        };
        let request = Request {
            method: self.method.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: named(&self.headers),
            body: if body == Body::Empty { Vec::new() } else { b"{}".to_vec() },
            contents: self.contents.clone(),
            flaw: self.flaw,
            ..Request::default()
        };
        (request, body)
    }
}

impl RecordedResponse {
    /// The answer as it left, with placeholders for its secrets.
    pub fn response(&self) -> Response {
        Response { status: self.status, headers: named(&self.headers), body: self.body.clone(), ..Response::default() }
    }
}

fn named(lines: &[(String, String)]) -> Headers {
    Headers(lines.iter().map(|(name, value)| (name.clone().into(), value.clone())).collect())
}

/// What is written, read back: what a writer leaves out is not there. Neither writing nor reading JSON in memory fails.
fn owned<T: DeserializeOwned + Default>(safe: &impl Serialize) -> T {
    to_string(safe).and_then(|text| from_str(&text)).unwrap_or_default()
}

impl<'a> RecordedRequest<Safe<'a>, SafeHeaders<'a>> {
    /// What is kept of `request`, whose body is `body`; `sent` is [`Redaction::as_asked`] of it, which saves searching it again.
    pub fn redacted(redaction: &'a Redaction<'a>, request: &'a Request, body: &'a Body, sent: Option<&'a str>) -> Self {
        let (body, unreadable) = match body {
            Body::Empty => (Some(&NO_BODY), None),
            Body::Json(body) => (Some(body), None),
            Body::Unreadable(why) => (None, Some(Unreadable { because: why.to_string(), bytes: request.body.len() })),
        };
        RecordedRequest {
            method: redaction.kept_text(&request.method).into_owned(),
            target: redaction.target(request),
            headers: redaction.asked_headers(request),
            body: body.map(|body| redaction.request_body(body).as_sent(sent)),
            unreadable,
            contents: request.contents.clone(),
            flaw: request.flaw,
        }
    }

    /// The same as plain values.
    pub fn owned(self) -> RecordedRequest {
        let RecordedRequest { method, target, headers, body, unreadable, contents, flaw } = self;
        let (headers, body) = (owned(&headers), body.map(|body| owned(&body)));
        RecordedRequest { method, target, headers, body, unreadable, contents, flaw }
    }
}

impl<'a> RecordedResponse<Safe<'a>, SafeHeaders<'a>> {
    /// What is kept of `response`; `sent` is [`Redaction::as_sent`] of it, which saves searching it again.
    pub fn redacted(redaction: &'a Redaction<'a>, response: &'a Response, sent: Option<&'a str>) -> Self {
        RecordedResponse {
            status: response.status,
            headers: redaction.answered_headers(response),
            body: response.body.as_ref().map(|body| redaction.body(body).as_sent(sent)),
            contents: None,
            failure: None,
        }
    }

    /// The same as plain values.
    pub fn owned(self) -> RecordedResponse {
        let RecordedResponse { status, headers, body, contents, failure } = self;
        let (headers, body) = (owned(&headers), body.map(|body| owned(&body)));
        RecordedResponse { status, headers, body, contents, failure }
    }
}

impl<B, H> Interaction<B, H> {
    /// Redacts the secrets of the exchange in all complaints about it.
    pub fn redact(&mut self, redaction: &Redaction<'_>) {
        if let Cow::Owned(shape) = redaction.text(&self.shape) {
            self.shape = shape.into();
        }
        self.violations.iter_mut().for_each(|violation| violation.redact(redaction));
        if let Some(diagnostic) = &mut self.diagnostic {
            let (target, rest) = diagnostic.headline.split_once("   ").unwrap_or((&diagnostic.headline, ""));
            // A secret that is cut is no longer known as one, so the line is cut last.
            let target = cut(redaction.told_target(target));
            diagnostic.headline = [target.as_str(), if rest.is_empty() { "" } else { "   " }, rest].concat();
            for row in &mut diagnostic.rows {
                row.label = redaction.text(&row.label).into_owned();
                row.text = redaction.text(&row.text).into_owned();
            }
        }
        for edited in self.valid.iter_mut().flat_map(|valid| &mut valid.edits) {
            edited.edit = redaction.text(&edited.edit).into_owned();
        }
        if let Some(refusal) = &mut self.refusal {
            refusal.message = redaction.text(&refusal.message).into_owned();
        }
    }
}

/// The beginning and the end of a request line that is longer than a line of text.
pub fn cut(target: String) -> String {
    const MOST: usize = 160;
    let count = target.chars().count();
    if count <= MOST {
        return target;
    }
    let part = |from: usize, length: usize| target.chars().skip(from).take(length).collect::<String>();
    format!("{}…{}", part(0, MOST - 40), part(count - 40, 40))
}
