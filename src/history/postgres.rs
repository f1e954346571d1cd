//! A history in PostgreSQL, which a team shares.

use std::error::Error;
use std::fmt;

use postgres::{Client, Config, NoTls};

use super::entry::{About, Entry};
use super::store::Store;
use crate::base::Diagnostic;

/// Two that make the table at once would disagree: the lock has any number that nobody else uses.
const TABLE: &str = "BEGIN; SELECT pg_advisory_xact_lock(5218870418); CREATE TABLE IF NOT EXISTS mockstack_history_1 (id TEXT PRIMARY KEY, \
                     recording TEXT NOT NULL); COMMIT";

/// A history in PostgreSQL.
pub struct Postgres(Client);

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postgres(…)")
    }
}

impl Postgres {
    /// Connects; a password that is not in the URL is that of `PGPASSWORD`.
    ///
    /// # Errors
    /// There is no such database, or it cannot be used.
    pub fn open(url: &str) -> Result<Postgres, Diagnostic> {
        let mut config: Config = url.parse().map_err(|error| unusable(&error))?;
        if let (None, Ok(password)) = (config.get_password(), std::env::var("PGPASSWORD")) {
            config.password(password);
        }
        let mut client = config.connect(NoTls).map_err(|error| unusable(&error))?;
        client.batch_execute(TABLE).map_err(|error| unusable(&error))?;
        Ok(Postgres(client))
    }
}

impl Store for Postgres {
    fn add(&mut self, entry: &Entry) -> Result<bool, Diagnostic> {
        let sql = "INSERT INTO mockstack_history_1 (id, recording) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let added = self.0.execute(sql, &[&entry.id(), &entry.recording]);
        added.map(|rows| rows > 0).map_err(|error| unusable(&error))
    }

    fn list(&mut self) -> Result<Vec<(String, About)>, Diagnostic> {
        let rows = self.0.query("SELECT id, recording FROM mockstack_history_1", &[]);
        let rows = rows.map_err(|error| unusable(&error))?;
        let read = |row: postgres::Row| {
            let id: String = row.get(0);
            Entry::read(&id, row.get(1)).map(|entry| (id, entry.about))
        };
        rows.into_iter().map(read).collect()
    }

    fn get(&mut self, id: &str) -> Result<Option<Entry>, Diagnostic> {
        let row = self.0.query_opt("SELECT recording FROM mockstack_history_1 WHERE id = $1", &[&id]);
        let row = row.map_err(|error| unusable(&error))?;
        row.map(|row| Entry::read(id, row.get(0))).transpose()
    }

    fn remove(&mut self, id: &str) -> Result<(), Diagnostic> {
        let removed = self.0.execute("DELETE FROM mockstack_history_1 WHERE id = $1", &[&id]);
        removed.map(drop).map_err(|error| unusable(&error))
    }
}

/// What the library says has no password in it; what the server says is behind it.
fn unusable(error: &postgres::Error) -> Diagnostic {
    let told = Diagnostic::new("cannot use the history in PostgreSQL").row("because", error.to_string());
    told.row_if("found", error.source().map(ToString::to_string))
}
