//! What `lint` finds.

use super::rule::LintRule;
use crate::base::Place;

/// A document that cannot be.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: LintRule,
    /// Where the first thing that is wrong is.
    pub place: Place,
    /// The column after its end, on the same line.
    pub end_column: u32,
    /// What it is: `body of compute.servers.create`.
    pub document: String,
    /// The versions in which it is possible; nothing where that is not what is wrong.
    pub possible: Option<String>,
    /// Why it is not in the others.
    pub because: Vec<String>,
    /// What to do.
    pub fix: String,
    /// The line of the contract that says so.
    pub contract: Option<String>,
    /// The line of the file, as it is.
    pub line: String,
    /// What leaves out what must not be there, if that is all that is to do: places of the file.
    pub removals: Vec<Removal>,
    /// The same for the same finding, whatever else changes in the file.
    pub fingerprint: String,
}

/// A part of a file to leave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its first line and column.
    pub start: (u32, u32),
    /// Its last line and the column after it.
    pub end: (u32, u32),
}

/// A document of OpenStack.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Where it begins.
    pub place: Place,
    /// What it is: `body of compute.servers.create`.
    pub what: String,
    /// The versions in which it is possible.
    pub possible: String,
}

/// What there is in files.
#[derive(Debug, Default)]
pub struct Linted {
    /// How many files were read.
    pub files: usize,
    /// The documents of OpenStack, if they are wanted; otherwise only `count`.
    pub documents: Vec<Document>,
    /// How many documents there are.
    pub count: usize,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How many findings a comment lets be.
    pub allowed: usize,
    /// How many findings were known before.
    pub known: usize,
}

impl Linted {
    /// Adds what is in another file.
    pub fn add(&mut self, other: Linted) {
        self.files += other.files;
        self.count += other.count;
        self.allowed += other.allowed;
        self.documents.extend(other.documents);
        self.findings.extend(other.findings);
    }
}
