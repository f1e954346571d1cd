//! What was found, in each format.

use std::fmt::Write;

use super::finding::{Finding, Linted, Removal};
use super::rule::{LINT_RULES, LintRule};
use crate::base::json::{Value, json, object};
use crate::base::{Diagnostic, Place};
use crate::message::Redactor;
use crate::report::{annotation_of_place, sarif_log, sarif_rule};

impl Finding {
    /// What it is, for people.
    pub fn diagnostic(&self) -> Diagnostic {
        let possible = self.possible.as_ref().map(|possible| match possible.as_str() {
            "nowhere" => "at no version".to_owned(),
            versions => format!("at {versions}"),
        });
        let headline = format!("{}: {}: {}", self.place, self.rule.row().name, self.document);
        Diagnostic::new(headline)
            .row_if("possible", possible)
            .row_if("because", (!self.because.is_empty()).then(|| self.because.join("\n")))
            .row_if("fix", (!self.fix.is_empty()).then_some(&self.fix))
            .row_if("rule", self.contract.as_ref())
            .row_if("source", self.excerpt())
    }

    /// The line of the file, with the place marked.
    fn excerpt(&self) -> Option<String> {
        /// What is longer is cut around the place.
        const WIDTH: usize = 100;
        if self.line.trim().is_empty() {
            return None;
        }
        let characters: Vec<char> = self.line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
        let at = (self.place.column as usize - 1).min(characters.len());
        let blanks = characters.iter().take_while(|c| c.is_whitespace()).count().min(at);
        let start = if at - blanks > WIDTH / 2 { at - WIDTH / 2 } else { blanks };
        let shown: String = characters[start..].iter().take(WIDTH).collect();
        let marks = (self.end_column.saturating_sub(self.place.column) as usize).clamp(1, WIDTH);
        let shown = Redactor::default().text(&shown);
        Some(format!("{shown}\n{}{}", " ".repeat(at - start), "^".repeat(marks)))
    }

    fn json(&self) -> Value {
        json!({
            "rule": self.rule.row().name,
            "level": self.rule.row().level.name(),
            "file": &*self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "document": self.document,
            "possible": self.possible,
            "because": self.because,
            "fix": self.fix,
            "contract": self.contract,
            "fingerprint": self.fingerprint
        })
    }

    fn sarif(&self) -> Value {
        let place = &self.place;
        let region = json!({"startLine": place.line, "startColumn": place.column, "endColumn": self.end_column});
        let artifact = json!({"uri": uri(&place.file)});
        let message = self.diagnostic().rows.into_iter().filter(|row| row.label != "source");
        let rows: String = message.map(|row| format!("\n{}: {}", row.label, row.text)).collect();
        let mut result = json!({
            "ruleId": self.rule.row().name,
            "level": self.rule.row().level.name(),
            "message": {"text": format!("{}{rows}", self.document)},
            "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
            "partialFingerprints": {"mockstack/v1": self.fingerprint}
        });
        if !self.removals.is_empty() {
            let replacements: Vec<Value> = self.removals.iter().map(Removal::sarif).collect();
            let change = json!({"artifactLocation": {"uri": uri(&place.file)}, "replacements": replacements});
            result["fixes"] = json!([{"description": {"text": self.fix}, "artifactChanges": [change]}]);
        }
        result
    }
}

impl Removal {
    fn sarif(&self) -> Value {
        let ((start_line, start), (end_line, end)) = (self.start, self.end);
        json!({"deletedRegion": {"startLine": start_line, "startColumn": start, "endLine": end_line, "endColumn": end}})
    }
}

/// A path as a reference: relative as it is, with what a URI may not have escaped.
fn uri(path: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'%').add(b'#').add(b'?').add(b'[').add(b']').add(b'"').add(b'\\');
    percent_encoding::utf8_percent_encode(path, KEPT).to_string()
}

impl Linted {
    /// Does what was found fail the run?
    pub fn fails(&self, strict: bool) -> bool {
        self.findings.iter().any(|finding| strict || finding.rule.is_error())
    }

    /// A block for each finding, and how much there is.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for document in &self.documents {
            line(&mut out, format!("{}: {}: possible {}", document.place, document.what, document.possible));
        }
        self.findings.iter().for_each(|finding| line(&mut out, finding.diagnostic().to_string()));
        let besides = [(self.known, "in the baseline"), (self.allowed, "allowed by a comment")];
        let besides = besides.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
        line(&mut out, format!("{}{}", self.counts(), besides.collect::<String>()));
        out
    }

    /// `1 impossible-request in 12 documents of 3 files`
    fn counts(&self) -> String {
        let count = |rule: LintRule| self.findings.iter().filter(|finding| finding.rule == rule).count();
        let found = LINT_RULES.iter().map(|row| (count(row.rule), row.name)).filter(|(count, _)| *count > 0);
        let found: Vec<String> = found.map(|(count, name)| format!("{count} {name}")).collect();
        let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (documents, files) = (self.count, self.files);
        format!("{found} in {documents} document{} of {files} file{}", plural(documents), plural(files))
    }

    /// All of it as JSON.
    pub fn json(&self) -> String {
        let place = |place: &Place| json!({"file": &*place.file, "line": place.line, "column": place.column});
        let documents = self.documents.iter().map(
            |document| json!({"what": document.what, "possible": document.possible, "place": place(&document.place)}),
        );
        let told = json!({
            "files": self.files,
            "documents": self.count,
            "allowed": self.allowed,
            "known": self.known,
            "findings": self.findings.iter().map(Finding::json).collect::<Vec<_>>(),
            "list": documents.collect::<Vec<_>>()
        });
        format!("{told:#}\n")
    }

    /// A result for each finding, as SARIF 2.1.0.
    pub fn sarif(&self, fails: bool) -> String {
        let rules: Value = LINT_RULES.iter().map(|row| sarif_rule(row.name, row.meaning, row.advice)).collect();
        let results: Vec<Value> = self.findings.iter().map(Finding::sarif).collect();
        // A run that found something has done its work.
        let invocation = json!({"executionSuccessful": true, "exitCode": i32::from(fails)});
        sarif_log(object!({"invocations": [invocation], "columnKind": "unicodeCodePoints", "results": results}), rules)
    }

    /// An annotation for each finding.
    pub fn annotations(&self) -> String {
        let annotation = |finding: &Finding| {
            let told = finding.diagnostic();
            let rows: Vec<String> = told
                .rows
                .iter()
                .filter(|row| row.label != "source")
                .map(|row| format!("{}: {}", row.label, row.text))
                .collect();
            let title = format!("mockstack: {}", finding.rule.row().name);
            let text = format!("{}\n{}", finding.document, rows.join("\n"));
            annotation_of_place(finding.rule.row().level.name(), Some(&finding.place), &title, &text)
        };
        self.findings.iter().map(annotation).collect()
    }
}

fn line(out: &mut String, text: impl AsRef<str>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", text.as_ref());
}
