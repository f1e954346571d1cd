//! A history in PostgreSQL, which a team shares.

use std::error::Error;
use std::fmt;

use postgres::{Client, Config, NoTls};

use super::entry::{About, Entry};
use super::sql;
use super::store::Store;
use crate::base::Diagnostic;

/// Two that make the table at once would disagree: the lock has any number that nobody else uses.
const LOCK: &str = "SELECT pg_advisory_xact_lock(5218870418)";

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
        let make = format!("BEGIN; {LOCK}; {}; COMMIT", sql::MAKE);
        client.batch_execute(&make).map_err(|error| unusable(&error))?;
        Ok(Postgres(client))
    }
}

impl Store for Postgres {
    fn add(&mut self, entry: &Entry) -> Result<bool, Diagnostic> {
        let [id, about, recording] = sql::row(entry);
        let added = self.0.execute(sql::ADD, &[&id, &about, &recording]);
        added.map(|rows| rows > 0).map_err(|error| unusable(&error))
    }

    fn list(&mut self) -> Result<Vec<(String, About)>, Diagnostic> {
        let rows = self.0.query(sql::LIST, &[]).map_err(|error| unusable(&error))?;
        rows.into_iter().map(|row| sql::about((row.get(0), row.get(1)))).collect()
    }

    fn get(&mut self, id: &str) -> Result<Option<Entry>, Diagnostic> {
        let row = self.0.query_opt(sql::GET, &[&id]).map_err(|error| unusable(&error))?;
        row.map(|row| Entry::read(id, row.get(0))).transpose()
    }

    fn remove(&mut self, id: &str) -> Result<(), Diagnostic> {
        self.0.execute(sql::REMOVE, &[&id]).map(drop).map_err(|error| unusable(&error))
    }
}

/// What the library says has no password in it; what the server says is behind it.
fn unusable(error: &postgres::Error) -> Diagnostic {
    let told = Diagnostic::new("cannot use the history in PostgreSQL").row("because", error.to_string());
    told.row_if("found", error.source().map(ToString::to_string))
}
