//! The labels of a session: which test asks now, and what is known of those that name themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Diagnostic, Node, Yaml};
use crate::message::Headers;
use crate::recording::{Label, Rule, Told};

/// The most labels that are remembered by name.
const MOST: usize = 10_000;

/// The labels of a session.
#[derive(Debug, Default)]
pub struct Labels {
    current: Option<Arc<Label>>,
    known: BTreeMap<Arc<str>, Arc<Label>>,
}

impl Labels {
    /// From now on it is the test `label` that asks, or none.
    pub fn set(&mut self, label: Option<Arc<Label>>) {
        if let Some(label) = label.as_ref().filter(|_| self.known.len() < MOST) {
            self.known.insert(Arc::clone(&label.name), Arc::clone(label));
        }
        self.current = label;
    }

    /// The test that sent a request: the one that its header lines name, or else the one that is at it.
    pub fn of(&mut self, headers: &Headers) -> Option<Arc<Label>> {
        match named(headers) {
            Some(name) => Some(self.called(name)),
            None => self.current.clone(),
        }
    }

    fn called(&mut self, name: &str) -> Arc<Label> {
        if let Some(known) = self.known.get(name) {
            return Arc::clone(known);
        }
        // Who makes up a name for each request must not fill the memory.
        let name = if self.known.len() < MOST { name } else { "…" };
        let label = Arc::new(Label::named(name));
        self.known.insert(Arc::clone(&label.name), Arc::clone(&label));
        label
    }
}

/// The test that header lines name: `X-Mockstack-Test`, or the member `mockstack.test` of W3C's `baggage`.
fn named(headers: &Headers) -> Option<&str> {
    let own = headers.get("X-Mockstack-Test").map(str::trim).filter(|name| !name.is_empty());
    own.or_else(|| headers.get("baggage").and_then(in_baggage))
}

fn in_baggage(baggage: &str) -> Option<&str> {
    let members = baggage.split(',').filter_map(|member| member.split(';').next()?.split_once('='));
    let mut own = members.filter(|(key, _)| key.trim() == "mockstack.test").map(|(_, value)| value.trim());
    own.find(|name| !name.is_empty())
}

/// What a request for a label may have beside the project.
pub const KEYS: [&str; 5] = ["test", "file", "line", "allow", "expect"];

/// Reads a label; `test: null` is none.
///
/// # Errors
/// Something has another form.
pub fn read(node: &Node) -> Result<Option<Label>, Diagnostic> {
    let Some(name) = node.get("test").filter(|name| !matches!(name.yaml(), Yaml::Null)) else { return Ok(None) };
    let name = name.text()?;
    let line = node.get("line").map(Node::integer).transpose()?;
    let (allow, expect) = (rules(node, "allow")?, rules(node, "expect")?);
    Ok(Some(Label { name: name.into(), file: node.optional("file")?, line, allow, expect }))
}

fn rules(node: &Node, key: &str) -> Result<Vec<Told>, Diagnostic> {
    let list = node.get(key).map_or(Ok(&[][..]), Node::items)?;
    let rule = |node: &Node| match node.text()?.parse::<Rule>() {
        Ok(rule) => Ok(Told(rule)),
        Err(why) => Err(node.expected("CODE or CODE@OPERATION").row("because", why)),
    };
    list.iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_its_test_or_is_of_the_one_that_is_at_it() {
        let mut labels = Labels::default();
        let headers = |lines: &[(&'static str, &str)]| lines.iter().copied().collect::<Headers>();
        let name = |labels: &mut Labels, lines: &[(&'static str, &str)]| {
            labels.of(&headers(lines)).map(|label| label.name.to_string())
        };
        assert_eq!(name(&mut labels, &[]), None);
        labels.set(Some(Arc::new(Label { line: Some(7), ..Label::named("a") })));
        assert_eq!(name(&mut labels, &[]).as_deref(), Some("a"));
        assert_eq!(name(&mut labels, &[("x-mockstack-test", "b")]).as_deref(), Some("b"));
        let baggage = [("baggage", "user=1, mockstack.test = c;p=1,x=y")];
        assert_eq!(name(&mut labels, &baggage).as_deref(), Some("c"));
        assert_eq!(name(&mut labels, &[("baggage", "user=1")]).as_deref(), Some("a"));
        labels.set(None);
        assert_eq!(name(&mut labels, &[]), None);
        assert_eq!(labels.of(&headers(&[("X-Mockstack-Test", "a")])).unwrap().line, Some(7));
    }
}
