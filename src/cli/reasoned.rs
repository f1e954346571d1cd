//! Decisions for which mockstack.yaml demands a reason.

use std::str::FromStr;

use crate::base::json::Value;
use crate::base::{Diagnostic, Node, Pattern, parse_yaml, unknown_key};
use crate::report::Rule;

/// What is decided, and why. An argument is the former alone, or both in the form of the file: `{code: CODE, reason: TEXT}`.
#[derive(Clone, Debug)]
pub struct Reasoned<T>(pub T);

/// What a reason may be given for.
pub trait Decision: FromStr<Err = String> {
    /// Its key beside `reason`.
    const KEY: &'static str;
}

impl Decision for Rule {
    const KEY: &'static str = "code";
}

impl Decision for Pattern {
    const KEY: &'static str = "pointer";
}

impl<T: Decision> FromStr for Reasoned<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Reasoned<T>, String> {
        let (decision, _) = parts(T::KEY, text).map_err(|told| told.headline)?;
        decision.parse().map(Reasoned)
    }
}

/// The decision and the reason of an argument; `key` is that of the decision.
pub fn parts(key: &str, text: &str) -> Result<(String, String), Diagnostic> {
    if !text.starts_with('{') {
        return Ok((text.to_owned(), "given on the command line".to_owned()));
    }
    let row = parse_yaml("", text)?;
    let (decision, reason) = read_row(key, &row)?;
    Ok((decision.text()?.to_owned(), reason))
}

/// `{KEY: …, reason: TEXT}`: the decision, and the reason, which must say something.
pub fn read_row<'n>(key: &str, row: &'n Node) -> Result<(&'n Node, String), Diagnostic> {
    let entries = row.entries()?;
    if let Some((other, place, _)) = entries.iter().find(|(own, ..)| own != key && own != "reason") {
        return Err(unknown_key(other, place, &[key, "reason"]));
    }
    let reason = row.optional("reason")?.unwrap_or_default();
    if reason.trim().is_empty() {
        let what = if key == Rule::KEY { "an allowed code" } else { "a place" };
        return Err(Diagnostic::new(format!("{what} needs a reason"))
            .at(&row.place)
            .row("expected", format!("{{{key}: …, reason: …}}")));
    }
    Ok((row.required(key)?, reason))
}

/// A text in quotes, as YAML and JSON spell it.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Both as the file and an argument spell them.
pub fn write_row(key: &str, decision: &str, reason: &str) -> String {
    format!("{{{key}: {}, reason: {}}}", quoted(decision), quoted(reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_a_decision_or_the_row_of_the_file() {
        let row = write_row("pointer", "/server/a {b: #", "its: \"zones\" }");
        assert_eq!(parts("pointer", &row).unwrap(), ("/server/a {b: #".to_owned(), "its: \"zones\" }".to_owned()));
        assert_eq!(parts("pointer", "/a").unwrap().0, "/a");
        for (text, why) in [
            ("{code: not-yet}", "needs a reason"),
            ("{cod: not-yet, reason: x}", "unknown key"),
            ("{reason: x}", "is missing"),
            ("{code: not-yet", "not valid YAML"),
            ("{code: not-yeti, reason: x}", "not-yeti"),
        ] {
            assert!(text.parse::<Reasoned<Rule>>().is_err_and(|told| told.contains(why)), "{text}");
        }
    }
}
