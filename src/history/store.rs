//! What keeps the entries of a history, and which of them are meant.

use super::entry::{About, Entry};
use crate::base::Diagnostic;

/// Keeps entries; several processes may do so at once.
pub trait Store {
    /// Keeps an entry; false: it was there already.
    ///
    /// # Errors
    /// It cannot be kept.
    fn add(&mut self, entry: &Entry) -> Result<bool, Diagnostic>;

    /// What all entries are about, with their ids.
    ///
    /// # Errors
    /// They cannot be read.
    fn list(&mut self) -> Result<Vec<(String, About)>, Diagnostic>;

    /// The entry with that id; `None`: it is gone.
    ///
    /// # Errors
    /// It cannot be read.
    fn get(&mut self, id: &str) -> Result<Option<Entry>, Diagnostic>;

    /// Removes the entry with that id, if it is there.
    ///
    /// # Errors
    /// It cannot be removed.
    fn remove(&mut self, id: &str) -> Result<(), Diagnostic>;
}

/// Which entries are meant; what is `None` may be anything.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The name of the client.
    pub client: Option<String>,
    /// Its version.
    pub client_version: Option<String>,
    /// The release of the cloud.
    pub release: Option<String>,
}

impl Wanted {
    /// Is an entry meant that is about that?
    pub fn is(&self, about: &About) -> bool {
        let same = |wanted: &Option<String>, own: &str| wanted.as_ref().is_none_or(|wanted| wanted == own);
        same(&self.client, &about.client)
            && same(&self.client_version, &about.client_version)
            && same(&self.release, &about.release)
    }

    /// Those that are meant, the oldest first.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of(&self, store: &mut dyn Store) -> Result<Vec<(String, About)>, Diagnostic> {
        let mut all = store.list()?;
        all.retain(|(_, about)| self.is(about));
        all.sort_by(|(_, one), (_, other)| (one.time, one).cmp(&(other.time, other)));
        Ok(all)
    }
}
