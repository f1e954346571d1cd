//! A place in a file.

use std::fmt;
use std::sync::Arc;

/// A line and column (both from 1) of a file; the file is named as the reader would look for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The path, relative to the project or as given on the command line.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl Place {
    /// The start of `file`.
    pub fn start(file: &Arc<str>) -> Place {
        Place { file: Arc::clone(file), line: 1, column: 1 }
    }

    /// `file:line`, as rules are quoted in a verdict.
    pub fn short(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
