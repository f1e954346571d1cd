//! What both databases are asked: SQLite takes the parameters of PostgreSQL, too.

use super::entry::{About, Entry};
use crate::base::Diagnostic;
use crate::base::json::{from_str, to_string};

/// Makes the table.
pub const MAKE: &str = "CREATE TABLE IF NOT EXISTS mockstack_history_1 (id TEXT PRIMARY KEY, about TEXT NOT NULL, recording TEXT NOT NULL)";
/// Adds a row, unless it is there.
pub const ADD: &str =
    "INSERT INTO mockstack_history_1 (id, about, recording) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
/// What all rows are about; not what they hold, which may be much.
pub const LIST: &str = "SELECT id, about FROM mockstack_history_1";
/// The recording of a row.
pub const GET: &str = "SELECT recording FROM mockstack_history_1 WHERE id = $1";
/// Removes a row.
pub const REMOVE: &str = "DELETE FROM mockstack_history_1 WHERE id = $1";

/// The row of `entry`.
pub fn row(entry: &Entry) -> [String; 3] {
    [entry.id(), to_string(&entry.about).unwrap_or_default(), entry.recording.clone()]
}

/// What the row `id` is about.
///
/// # Errors
/// It is the row of something else.
pub fn about((id, text): (String, String)) -> Result<(String, About), Diagnostic> {
    match from_str(&text) {
        Ok(about) => Ok((id, about)),
        Err(_) => Err(Entry::none(&id)),
    }
}
