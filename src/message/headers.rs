//! Header lines in the order of the wire.

use std::borrow::Cow;

/// Names and values as they were sent: order and repetition are kept (Nova sends `Vary` twice), names compare without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a line, in which bytes that are not UTF-8 become U+FFFD.
    pub fn text(value: &[u8]) -> String {
        // The lossy reading of what needs none costs six times as much.
        std::str::from_utf8(value).map_or_else(|_| String::from_utf8_lossy(value).into_owned(), str::to_owned)
    }

    /// Adds a line at the end.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(lines: I) -> Self {
        Headers(lines.into_iter().map(|(name, value)| (name.to_owned().into(), value.to_owned())).collect())
    }
}
