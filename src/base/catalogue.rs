//! Files of YAML that are embedded as text, whose rows users choose by name.

use std::sync::OnceLock;

use super::{Diagnostic, Entry, parse_yaml};

/// The rows of a file, which is read on first use.
#[derive(Debug)]
pub struct Catalogue<T> {
    file: &'static str,
    text: &'static str,
    key: &'static str,
    read: fn(&Entry) -> Result<T, Diagnostic>,
    rows: OnceLock<Result<Vec<T>, Diagnostic>>,
}

impl<T> Catalogue<T> {
    /// The rows below `key` of `file`, whose content is `text`; `read` reads one of them.
    pub const fn new(
        file: &'static str,
        text: &'static str,
        key: &'static str,
        read: fn(&Entry) -> Result<T, Diagnostic>,
    ) -> Catalogue<T> {
        Catalogue { file, text, key, read, rows: OnceLock::new() }
    }

    /// All rows, in the order of the file.
    ///
    /// # Errors
    /// The file cannot be read: a defect of mockstack.
    pub fn rows(&self) -> Result<&[T], Diagnostic> {
        self.rows.get_or_init(|| self.read_rows()).as_deref().map_err(Clone::clone)
    }

    fn read_rows(&self) -> Result<Vec<T>, Diagnostic> {
        let file = parse_yaml(self.file, self.text)?;
        file.required(self.key)?.entries()?.iter().map(self.read).collect()
    }
}
