//! A code, everywhere or on one operation, as `--allow` and labels name it.

use std::fmt;
use std::str::FromStr;

use crate::contract::Code;

/// `CODE` or `CODE@OPERATION`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: Code,
    /// The operation, if only one is meant.
    pub operation: Option<String>,
}

impl Rule {
    /// Does the rule speak of `code` on `operation`?
    pub fn covers(&self, code: Code, operation: &str) -> bool {
        let named = |own: &str| operation.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.code == code && self.operation.as_deref().is_none_or(named)
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Rule, String> {
        let (code, operation) = text.split_once('@').map_or((text, None), |(code, operation)| (code, Some(operation)));
        if operation == Some("") {
            return Err(format!("{text:?} has no operation after the @"));
        }
        Ok(Rule { code: code.parse()?, operation: operation.map(str::to_owned) })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.operation {
            Some(operation) => write!(f, "{}@{operation}", self.code),
            None => self.code.fmt(f),
        }
    }
}
