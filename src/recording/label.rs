//! A label: the test that asks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rule::Rule;
use crate::base::as_text;
use crate::contract::Code;

/// The test that asks, as its suite names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Its name: `boot_test.py::test_tags`.
    pub name: Arc<str>,
    /// The file in which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in that file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What it may do without failing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<Told>,
    /// What it must do, which does not fail either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Told>,
}

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(#[serde(with = "as_text")] pub Rule);

impl Label {
    /// The label of which nothing but the name is known.
    pub fn named(name: &str) -> Label {
        Label { name: name.into(), ..Label::default() }
    }

    /// Does `code` on `operation` not fail because of it?
    pub fn covers(&self, code: Code, operation: &str) -> bool {
        self.allow.iter().chain(&self.expect).any(|Told(rule)| rule.covers(code, operation, Some(&self.name)))
    }

    /// `boot_test.py::test_tags (boot_test.py:12)`
    pub fn told(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{} ({file}:{line})", self.name),
            (Some(file), None) => format!("{} ({file})", self.name),
            _ => self.name.to_string(),
        }
    }
}
