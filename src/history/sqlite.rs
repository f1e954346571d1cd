//! A history in a file of SQLite.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::entry::{About, Entry};
use super::sql;
use super::store::Store;
use crate::base::Diagnostic;

/// So long a writer waits for others.
const PATIENCE: Duration = Duration::from_secs(60);

/// A history in a file of SQLite.
#[derive(Debug)]
pub struct Sqlite(Connection);

impl Sqlite {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    /// It cannot be opened, or is something else.
    pub fn open(path: &Path) -> Result<Sqlite, Diagnostic> {
        let open = || {
            let connection = Connection::open(path)?;
            connection.busy_timeout(PATIENCE)?;
            connection.execute(sql::MAKE, [])?;
            Ok(Sqlite(connection))
        };
        open().map_err(|error: rusqlite::Error| unusable(&error).row("where", path.display().to_string()))
    }
}

impl Store for Sqlite {
    fn add(&mut self, entry: &Entry) -> Result<bool, Diagnostic> {
        self.0.execute(sql::ADD, sql::row(entry)).map(|rows| rows > 0).map_err(|error| unusable(&error))
    }

    fn list(&mut self) -> Result<Vec<(String, About)>, Diagnostic> {
        let read = || {
            let mut statement = self.0.prepare(sql::LIST)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<Vec<_>, rusqlite::Error>>()
        };
        read().map_err(|error| unusable(&error))?.into_iter().map(sql::about).collect()
    }

    fn get(&mut self, id: &str) -> Result<Option<Entry>, Diagnostic> {
        let text = self.0.query_row(sql::GET, [id], |row| row.get(0)).optional().map_err(|error| unusable(&error))?;
        text.map(|text| Entry::read(id, text)).transpose()
    }

    fn remove(&mut self, id: &str) -> Result<(), Diagnostic> {
        self.0.execute(sql::REMOVE, [id]).map(drop).map_err(|error| unusable(&error))
    }
}

fn unusable(error: &rusqlite::Error) -> Diagnostic {
    Diagnostic::new("cannot use the history in SQLite").row("because", error.to_string())
}
