//! The cloud, as far as a driver needs it: what it is asked and what it answers.

use std::time::Duration;

use crate::base::json::Value;

/// A request to the cloud, without a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The path, at the mount of its service, and the query.
    pub target: String,
    /// The header lines that the operation and its version depend on.
    pub headers: Vec<(String, String)>,
    /// The JSON body, null without one.
    pub body: Value,
}

/// What the cloud answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// The header lines.
    pub headers: Vec<(String, String)>,
    /// The body: JSON, or a text; null without one.
    pub body: Value,
}

/// The cloud, as far as a driver needs it.
pub trait Cloud {
    /// Asks with the token of the run.
    ///
    /// # Errors
    /// No answer came, and why.
    fn ask(&mut self, sent: &Sent) -> Result<Received, String>;

    /// The path at which the catalog has the service of one of these types, for the public.
    fn endpoint(&self, kinds: &[&str]) -> Option<String>;

    /// Lets time pass.
    fn wait(&mut self, time: Duration);
}

/// A GET request for `path`.
pub fn get(path: &str) -> Sent {
    Sent { method: "GET".to_owned(), target: path.to_owned(), ..Sent::default() }
}

/// Whatever the answer wraps: `{"server": {…}}`; Glance wraps nothing.
pub fn inner(body: &Value) -> &Value {
    let wrapped = body.as_object().filter(|map| !map.contains_key("id") && !map.contains_key("name"));
    wrapped.and_then(|map| map.values().find(|value| value.is_object())).unwrap_or(body)
}
