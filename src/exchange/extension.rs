//! Fields that one cloud has beside those of its release.

use std::fmt;
use std::str::FromStr;

use crate::base::{Pointer, Segment};
use crate::contract::{Code, Violation};

/// A place of answers in which a cloud has fields of its own: `/servers/*/acme:*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pattern: Vec<String>,
    /// Why it is there.
    pub reason: String,
}

impl Extension {
    /// Allows what stands at `pattern`: a JSON pointer in which `*` stands for any characters of a step.
    ///
    /// # Errors
    /// It does not start with a slash.
    pub fn new(pattern: &str, reason: &str) -> Result<Extension, String> {
        match pattern.strip_prefix('/') {
            Some(steps) if !steps.is_empty() => {
                let pattern = steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
                Ok(Extension { pattern, reason: reason.to_owned() })
            }
            _ => Err("expected a JSON pointer such as /servers/*/acme:*".to_owned()),
        }
    }

    /// Is `violation` about a field that it allows?
    pub fn covers(&self, violation: &Violation) -> bool {
        let Pointer(place) = &violation.pointer;
        let fits = |(pattern, step): (&String, &Segment)| is_like(pattern, &step.to_string());
        violation.code == Code::AnswerUnknownField
            && place.len() == self.pattern.len()
            && self.pattern.iter().zip(place).all(fits)
    }
}

impl FromStr for Extension {
    type Err = String;

    fn from_str(text: &str) -> Result<Extension, String> {
        Extension::new(text, "")
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pattern.iter().try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

/// Is `text` like `pattern`, in which `*` stands for any characters?
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Part;

    #[test]
    fn patterns_cover_places_of_answers() {
        let at = |code, pointer: &str| {
            let plain = Violation::plain(code, Part::Answer, "", "", "");
            Violation { pointer: Pointer::parse(pointer), ..plain }
        };
        let extension: Extension = "/servers/*/acme:*".parse().unwrap();
        assert_eq!(extension.to_string(), "/servers/*/acme:*");
        for (pointer, expected) in [
            ("/servers/12/acme:zone", true),
            ("/servers/0/acme:", true),
            ("/servers/0/zone", false),
            ("/servers/0/acme:zone/x", false),
            ("/server/acme:zone", false),
        ] {
            assert_eq!(extension.covers(&at(Code::AnswerUnknownField, pointer)), expected, "{pointer}");
        }
        assert!(!extension.covers(&at(Code::AnswerType, "/servers/0/acme:zone")));
        assert!(is_like("a*b*c", "aXbYbZc") && !is_like("a*b*c", "aXc") && is_like("*", "") && !is_like("ab*b", "ab"));
        assert!("servers".parse::<Extension>().is_err() && "/".parse::<Extension>().is_err());
    }
}
