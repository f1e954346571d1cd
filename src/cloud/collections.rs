//! All collections of the cloud, by name.

use super::collection::Collection;

/// The collections in alphabetical order of their names. There are few of them, so that a look-up costs no allocation.
#[derive(Debug, Default)]
pub struct Collections(Vec<(String, Collection)>);

impl Collections {
    /// The collection `name`, if the cloud has anything of it.
    pub fn get(&self, name: &str) -> Option<&Collection> {
        self.place(name).ok().map(|place| &self.0[place].1)
    }

    /// The collection `name`, empty if the cloud has none of it yet.
    pub fn get_mut(&mut self, name: &str) -> &mut Collection {
        let place = self.place(name).unwrap_or_else(|place| {
            self.0.insert(place, (name.to_owned(), Collection::default()));
            place
        });
        &mut self.0[place].1
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }

    /// Names and collections.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Collection)> {
        self.0.iter().map(|(name, collection)| (name.as_str(), collection))
    }

    /// All collections, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Collection> {
        self.0.iter_mut().map(|(_, collection)| collection)
    }
}
