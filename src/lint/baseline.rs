//! What was found before and may stay.

use std::collections::BTreeSet;
use std::path::Path;

use super::finding::Linted;
use crate::base::json::{Value, json};
use crate::base::{Diagnostic, read_text};

impl Linted {
    /// Leaves out the findings that the file at `path` knows.
    ///
    /// # Errors
    /// It cannot be read, or is no baseline.
    pub fn without_known(&mut self, path: &Path) -> Result<(), Diagnostic> {
        let wrong = |because: String| {
            Diagnostic::new("cannot read the baseline")
                .row("where", path.display().to_string())
                .row("because", because)
                .row("fix", "write it with --write-baseline")
        };
        let text = read_text(path).map_err(|error| wrong(error.to_string()))?;
        let known: Value = crate::base::json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let findings = known.get("findings").and_then(Value::as_array);
        let findings = findings.ok_or_else(|| wrong("it has no list of findings".to_owned()))?;
        let known: BTreeSet<&str> =
            findings.iter().filter_map(|finding| finding.get("fingerprint").and_then(Value::as_str)).collect();
        let before = self.findings.len();
        self.findings.retain(|finding| !known.contains(finding.fingerprint.as_str()));
        self.known = before - self.findings.len();
        Ok(())
    }

    /// The findings as a baseline: what a reader needs to know them again, and their fingerprints.
    pub fn baseline(&self) -> String {
        let finding = |finding: &super::finding::Finding| {
            let (rule, file) = (finding.rule.row().name, &*finding.place.file);
            json!({"rule": rule, "file": file, "document": finding.document, "fingerprint": finding.fingerprint})
        };
        format!("{:#}\n", json!({"findings": self.findings.iter().map(finding).collect::<Vec<_>>()}))
    }
}
