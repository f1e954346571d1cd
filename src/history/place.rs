//! Where a history is kept.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::folder::Folder;
use super::store::Store;
use crate::base::Diagnostic;

/// Where a history is kept: `DIR`, `sqlite:FILE` or `postgresql://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder of recordings.
    Folder(PathBuf),
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database of PostgreSQL.
    Postgres(String),
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        match text.split_once(':') {
            Some(("sqlite", "")) => Err("expected sqlite:FILE".to_owned()),
            Some(("sqlite", path)) => Ok(Place::Sqlite(path.into())),
            Some(("postgresql" | "postgres", _)) => Ok(Place::Postgres(text.to_owned())),
            _ if text.is_empty() => Err("expected DIR, sqlite:FILE or postgresql://HOST/DATABASE".to_owned()),
            _ => Ok(Place::Folder(text.into())),
        }
    }
}

impl fmt::Display for Place {
    /// Without what may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Folder(path) => write!(f, "{}", path.display()),
            Place::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Place::Postgres(_) => f.write_str("a database of PostgreSQL"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Place {
    /// Opens it, and makes what is not there.
    ///
    /// # Errors
    /// It cannot be reached, or this mockstack was built without databases.
    pub fn open(&self) -> Result<Box<dyn Store>, Diagnostic> {
        Ok(match self {
            Place::Folder(path) => Box::new(Folder::new(path)),
            #[cfg(feature = "databases")]
            Place::Sqlite(path) => Box::new(super::sqlite::Sqlite::open(path)?),
            #[cfg(feature = "databases")]
            Place::Postgres(url) => Box::new(super::postgres::Postgres::open(url)?),
            #[cfg(not(feature = "databases"))]
            Place::Sqlite(_) | Place::Postgres(_) => {
                return Err(Diagnostic::new("this mockstack was built without databases")
                    .row("where", self.to_string())
                    .row("fix", "keep the history in a folder, or build it with `--features databases`"));
            }
        })
    }
}
