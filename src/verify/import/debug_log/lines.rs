//! What the lines of logs look like.

use std::sync::OnceLock;

use regex::Regex;

use crate::base::compiled_pattern as compiled;

/// Names and values on one line. A name follows a blank, and a colon and a blank follow it.
pub(super) fn in_a_line(text: &str) -> Vec<(String, String)> {
    let names: Vec<_> = name().captures_iter(text).filter_map(|found| Some((found.get(0)?, found.get(1)?))).collect();
    let ends = names.iter().skip(1).map(|(whole, _)| whole.start()).chain([text.len()]);
    let pair = |((whole, name), end): (&(regex::Match<'_>, regex::Match<'_>), usize)| {
        (name.as_str().to_owned(), text[whole.end()..end].trim().to_owned())
    };
    names.iter().zip(ends).map(pair).collect()
}

/// What a quote holds, and whether it ends on this line.
pub(super) fn unquoted(line: &str) -> (&str, bool) {
    line.trim_end().strip_suffix('\'').map_or((line, false), |text| (text, true))
}

/// Terraform puts the time behind the last line of what a provider tells.
pub(super) fn without_time(line: &str) -> &str {
    line.rsplit_once(": timestamp=").map_or(line, |(told, _)| told)
}

/// Terraform puts the name of the provider before its lines.
pub(super) fn without_prefix(line: &str) -> &str {
    static PREFIX: OnceLock<Regex> = OnceLock::new();
    match compiled(&PREFIX, r"^\S+ \[[A-Z]+\]\s+provider\.[^ :]+: ").find(line) {
        Some(found) => &line[found.end()..],
        None => line,
    }
}

/// The method of a curl command.
pub(super) fn method_of(command: &str) -> Option<&str> {
    static METHOD: OnceLock<Regex> = OnceLock::new();
    first_of(compiled(&METHOD, r"-X (\S+)"), command)
}

/// The URL of a curl command, which may be in quotes.
pub(super) fn url_of(command: &str) -> Option<&str> {
    static URL: OnceLock<Regex> = OnceLock::new();
    first_of(compiled(&URL, r#"(?:^|[ '"])(https?://[^ '"]+)"#), command)
}

fn first_of<'t>(pattern: &Regex, text: &'t str) -> Option<&'t str> {
    pattern.captures(text)?.get(1).map(|found| found.as_str())
}

/// The header lines of a curl command. What is in their quotes is not escaped: one ends where the next option begins, or at the last
/// quote.
pub(super) fn headers(command: &str) -> Vec<(String, String)> {
    let header = |part: &str| {
        let end = part.find("\" -").or_else(|| part.rfind('"'))?;
        let (name, value) = part[..end].split_once(": ")?;
        Some((name.to_owned(), value.to_owned()))
    };
    command.split(" -H \"").skip(1).filter_map(header).collect()
}

fn name() -> &'static Regex {
    static NAME: OnceLock<Regex> = OnceLock::new();
    compiled(&NAME, r"(?:^| )([A-Za-z][A-Za-z0-9-]*): ")
}

/// Names and values of a dict of Python, which puts what has an apostrophe into double quotes.
pub(super) fn dict(text: &str) -> Vec<(String, String)> {
    static DICT: OnceLock<Regex> = OnceLock::new();
    let all = compiled(&DICT, r#"'([^']+)': (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"#).captures_iter(text);
    let pair = |found: regex::Captures<'_>| {
        let value = found.get(2).or(found.get(3))?.as_str();
        Some((found[1].to_owned(), value.to_owned()))
    };
    all.filter_map(pair).collect()
}

/// A line of nova-api (nova/api/openstack/requestlog.py).
pub(super) fn served() -> &'static Regex {
    static SERVED: OnceLock<Regex> = OnceLock::new();
    compiled(&SERVED, r#""([A-Z]+) (/\S*)(?: HTTP/[0-9.]+)?" status: ([0-9]+) len: (\S+) microversion: (\S+)"#)
}

/// A line of gophercloud's transport (gophercloud/utils, client/client.go).
pub(super) fn told() -> &'static Regex {
    static TOLD: OnceLock<Regex> = OnceLock::new();
    compiled(&TOLD, r"(?i)openstack (request|response) (url|headers|body|code): ?(.*)")
}

pub(super) fn called() -> &'static Regex {
    static CALLED: OnceLock<Regex> = OnceLock::new();
    compiled(&CALLED, r"[A-Z]+ call to (\S+) for \S+ used request id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_values_are_a_part_of_them() {
        let pairs = |all: Vec<(String, String)>| {
            all.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
        };
        let curl = r#"curl -g -i -X GET "http://h/v3" -H "Accept: */*" -H "X-Auth-Token: o'd "rose"\ bud" -H "User-Agent: me" --cert "x""#;
        assert_eq!(pairs(headers(curl)), ["Accept=*/*", r#"X-Auth-Token=o'd "rose"\ bud"#, "User-Agent=me"]);
        let answer = r#"{'Server': 'nginx', 'Set-Cookie': "it's", 'Vary': 'a, b'}"#;
        assert_eq!(pairs(dict(answer)), ["Server=nginx", "Set-Cookie=it's", "Vary=a, b"]);
    }
}
