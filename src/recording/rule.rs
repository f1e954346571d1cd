//! A code, everywhere or on one operation or in some tests, as `--allow` and labels name it.

use std::fmt;
use std::str::FromStr;

use crate::base::Glob;
use crate::contract::Code;

/// `CODE`, `CODE@OPERATION`, `CODE@OPERATION#TEST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: Code,
    /// The operation, if only one is meant.
    pub operation: Option<String>,
    /// The names of the tests, if only some are meant.
    pub test: Option<Glob>,
}

impl Rule {
    /// Does the rule speak of `code` on `operation` in `test`?
    pub fn covers(&self, code: Code, operation: &str, test: Option<&str>) -> bool {
        let named = |own: &str| operation.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.code == code
            && self.operation.as_deref().is_none_or(named)
            && self.test.as_ref().is_none_or(|own| test.is_some_and(|test| own.is_match(test)))
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Rule, String> {
        let halves = |text: &str, sign, of| match text.split_once(sign) {
            Some((_, "")) => Err(format!("{text:?} has no {of} after the {sign}")),
            Some((before, after)) => Ok((before.to_owned(), Some(after.to_owned()))),
            None => Ok((text.to_owned(), None)),
        };
        let (what, test) = halves(text, '#', "test")?;
        let (code, operation) = halves(&what, '@', "operation")?;
        Ok(Rule { code: code.parse()?, operation, test: test.map(|test| test.parse()).transpose()? })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        self.operation.iter().try_for_each(|operation| write!(f, "@{operation}"))?;
        self.test.iter().try_for_each(|test| write!(f, "#{test}"))
    }
}
