//! Patterns of places in JSON documents.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

/// A JSON pointer in which `*` matches any characters of a step: `/servers/*/acme:*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<String>);

impl Pattern {
    /// Is the place with these steps one of those that are meant?
    pub fn covers(&self, steps: impl ExactSizeIterator<Item = impl AsRef<str>>) -> bool {
        steps.len() == self.0.len() && self.0.iter().zip(steps).all(|(own, step)| is_like(own, step.as_ref()))
    }
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Pattern, String> {
        match text.strip_prefix('/') {
            Some(steps) if !steps.is_empty() => {
                Ok(Pattern(steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()))
            }
            _ => Err("expected a JSON pointer such as /servers/*/acme:*".to_owned()),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| write!(f, "/{}", step.replace('~', "~0").replace('/', "~1")))
    }
}

/// Patterns that remember which of them ever matched.
#[derive(Debug, Default)]
pub struct Patterns(Vec<(Pattern, AtomicBool)>);

impl Patterns {
    /// Does one of them cover the place with these steps?
    pub fn cover(&self, steps: impl ExactSizeIterator<Item = impl AsRef<str>> + Clone) -> bool {
        // All that do are of use.
        let covering = self.0.iter().filter(|(pattern, _)| pattern.covers(steps.clone()));
        covering.map(|(_, is_used)| is_used.store(true, Ordering::Relaxed)).count() > 0
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that never covered what was asked about.
    pub fn unused(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter().filter(|(_, is_used)| !is_used.load(Ordering::Relaxed)).map(|(pattern, _)| pattern)
    }
}

impl FromIterator<Pattern> for Patterns {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Patterns {
        Patterns(patterns.into_iter().map(|pattern| (pattern, AtomicBool::new(false))).collect())
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

    #[test]
    fn patterns_cover_places() {
        let pattern: Pattern = "/servers/*/acme:*".parse().unwrap();
        assert_eq!(pattern.to_string(), "/servers/*/acme:*");
        for (place, expected) in [
            ("servers/12/acme:zone", true),
            ("servers/*/acme:", true),
            ("servers/0/zone", false),
            ("servers/0/acme:zone/x", false),
            ("server/acme:zone", false),
        ] {
            let steps: Vec<&str> = place.split('/').collect();
            assert_eq!(pattern.covers(steps.iter()), expected, "{place}");
        }
        assert!(is_like("a*b*c", "aXbYbZc") && !is_like("a*b*c", "aXc") && is_like("*", "") && !is_like("ab*b", "ab"));
        let patterns: Patterns = [pattern, "/a/*".parse().unwrap()].into_iter().collect();
        assert!(!patterns.cover(["a"].iter()) && patterns.cover(["a", "b"].iter()));
        assert_eq!(patterns.unused().map(ToString::to_string).collect::<Vec<_>>(), ["/servers/*/acme:*"]);
        assert!("servers".parse::<Pattern>().is_err() && "/".parse::<Pattern>().is_err());
    }
}
