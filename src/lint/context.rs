//! What the lines around a literal say: is it meant to be wrong, is it changed later, may it stay?

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::lines::Lines;
use super::rule::LintRule;
use crate::base::{Microversion, compiled_pattern};

/// What begins a test or a function.
fn head_pattern() -> &'static Regex {
    static CELL: OnceLock<Regex> = OnceLock::new();
    compiled_pattern(
        &CELL,
        r"^\s*(async |export |pub |public |static |private )*(def|func|fn|function|it|test|describe|context|class|should)\b",
    )
}

/// Names of what is meant to be wrong.
fn wrong_name() -> &'static Regex {
    static CELL: OnceLock<Regex> = OnceLock::new();
    compiled_pattern(
        &CELL,
        r"(?i)invalid|malformed|wrong|illegal|unsupported|incorrect|negative|not_?allowed|rejects?|refused?|raises|(^|_|[^a-z])bad|fails?(_|$|[^a-z]|ed|ure)|badrequest|_4\d\d|error|exception|missing|too_?(long|short|many)|without_required|unexpected|(extra|custom)_?(arg|param|field|propert|key)|additional_?propert|old_version|pre_?v?2?\d|before_?v?2",
    )
}

/// What is expected of a request that is wrong.
fn refused() -> &'static Regex {
    static CELL: OnceLock<Regex> = OnceLock::new();
    compiled_pattern(
        &CELL,
        r"(?i)assert_?raises|pytest\.raises|raise_error|bad_?request|\b4(00|04|09|22)\b|validation_?error|should_err|expect_?err|is_err\(|asserterr\b|\.error\(t|tothrow|rejects\.|invalid|exceptions?\.\w*(invalid|bad|validation)",
    )
}

/// A microversion as headers, options and attributes of clients have it.
fn named_version() -> &'static Regex {
    static CELL: OnceLock<Regex> = OnceLock::new();
    compiled_pattern(
        &CELL,
        r"(?i)(?:openstack-(?:nova-)?api-version|os-compute-api-version|micro_?version)\W{1,6}(?:compute\W)?\W?(2\.\d+)\b",
    )
}

/// So far before and after a literal the microversion stands that it is sent at.
const LINES_BESIDE: u32 = 8;

/// So far back a function is looked for that a literal is in.
const LINES_BEFORE: u32 = 80;
/// So far on is looked for what is expected.
const LINES_AFTER: u32 = 14;

/// A literal in its file.
#[derive(Debug)]
pub struct Context<'t> {
    lines: &'t Lines<'t>,
    text: &'t str,
    span: Range<usize>,
    first: u32,
    last: u32,
    is_code: bool,
}

impl<'t> Context<'t> {
    /// The literal at `span`; data has no functions.
    pub fn new(text: &'t str, lines: &'t Lines<'t>, span: &Range<usize>, is_code: bool) -> Context<'t> {
        let (first, last) = (lines.place(span.start).0, lines.place(span.end.saturating_sub(1)).0);
        Context { lines, text, span: span.clone(), first, last, is_code }
    }

    /// Is it meant to be wrong, by the name of its test or of what holds it, or by what is expected after it?
    pub fn is_meant_to_be_wrong(&self) -> bool {
        if !self.is_code {
            return false;
        }
        let head = self.head().map_or("", |(_, line)| line);
        let before = self.lines.line(self.first.saturating_sub(1));
        let own = self.line_before();
        wrong_name().is_match(head)
            || wrong_name().is_match(own)
            || refused().is_match(own)
            || refused().is_match(before)
            || self.after().any(|line| refused().is_match(line))
    }

    /// Is it put together further, so that what stands here is only a part?
    pub fn is_changed_later(&self) -> bool {
        let own = self.line_before().trim_end();
        let Some(name) = own.strip_suffix(":=").or_else(|| own.strip_suffix('=')).map(str::trim_end) else {
            return false;
        };
        let name = name.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        if !self.is_code || name.is_empty() {
            return false;
        }
        let name = regex::escape(name);
        let changes = Regex::new(&format!(
            r"\b{name}((\.\w+|\[[^\]]*\])+ *=[^=>]|(\[[^\]]*\])*\.(update|pop|setdefault|append|extend|merge|delete|insert|push|copy)\b|(\[[^\]]*\])+ *<<)|del {name}\b|copy\({name}"
        ));
        (self.last + 1..=self.last + 60)
            .map(|line| self.lines.line(line))
            .any(|line| changes.as_ref().is_ok_and(|changes| changes.is_match(line)))
    }

    /// The microversion that is named beside it in its function, and where, if it is only one. Where one of its `neighbours`, the documents
    /// before and after it, is as near, it may be that one's.
    pub fn version<'s>(
        &self,
        mut neighbours: impl Iterator<Item = &'s Range<usize>>,
    ) -> Option<(Microversion, String)> {
        if !self.is_code {
            return None;
        }
        let start = self.head().map_or(1, |(line, _)| line).max(self.first.saturating_sub(LINES_BESIDE));
        let after = (self.last + 1..=self.last + LINES_BESIDE)
            .take_while(|line| !head_pattern().is_match(self.lines.line(*line)));
        let looked_at: Vec<u32> = (start..=self.last).chain(after).collect();
        if neighbours.any(|own| looked_at.contains(&self.lines.place(own.start).0)) {
            return None;
        }
        let mut found: Vec<(Microversion, u32)> = Vec::new();
        for line in looked_at {
            let versions = named_version().captures_iter(self.lines.line(line)).filter_map(|all| all[1].parse().ok());
            found.extend(versions.map(|version| (version, line)));
        }
        let (version, line) = *found.first()?;
        found.iter().all(|(other, _)| *other == version).then(|| (version, format!("line {line}")))
    }

    /// The reason for which a comment at `span` or at the beginning of the literal lets `rule` be.
    pub fn allowed(&self, rule: LintRule, line: u32) -> Option<&'t str> {
        let lines = [line, line.saturating_sub(1), self.first, self.first.saturating_sub(1)];
        lines.into_iter().find_map(|line| allowed(self.lines.line(line), rule))
    }

    /// The line up to the literal.
    fn line_before(&self) -> &'t str {
        let start = self.lines.byte(self.first, 1);
        self.text.get(start..self.span.start).unwrap_or_default()
    }

    fn head(&self) -> Option<(u32, &'t str)> {
        let lines = (self.first.saturating_sub(LINES_BEFORE).max(1)..=self.first).rev();
        lines.map(|line| (line, self.lines.line(line))).find(|(_, line)| head_pattern().is_match(line))
    }

    fn after(&self) -> impl Iterator<Item = &'t str> {
        let lines = (self.last..=self.last + LINES_AFTER).map(|line| self.lines.line(line));
        lines
            .enumerate()
            .take_while(|(index, line)| *index == 0 || !head_pattern().is_match(line))
            .map(|(_, line)| line)
    }
}

/// Is a file called like something that is meant to be wrong?
pub fn is_named_wrong(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    wrong_name().is_match(name.rsplit_once('.').map_or(name, |(name, _)| name))
}

/// The reason in `mockstack: allow RULE: REASON`.
fn allowed(line: &str, rule: LintRule) -> Option<&str> {
    let rest = line.split_once("mockstack: allow ")?.1.trim_start();
    let reason = rest.strip_prefix(rule.row().name)?.trim_start_matches([':', ',', ' ', '-', '—']);
    (reason.trim().chars().count() > 2).then_some(reason.trim())
}
