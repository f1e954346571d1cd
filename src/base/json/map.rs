//! What an object can do.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::value::Fields;
use super::{Map, Name, Value};

/// The values of an object, to be changed.
pub type ValuesMut<'m> =
    std::iter::Map<std::slice::IterMut<'m, (Name, Value)>, fn(&'m mut (Name, Value)) -> &'m mut Value>;

/// Of so many fields one is found sooner by walking them than by hashing its name.
const FEW: usize = 16;

impl Fields {
    fn place(&self, name: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|(own, _)| own == name);
        }
        let places = || self.entries.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect();
        self.places.get_or_init(places).get(name).copied()
    }

    /// Adds a field whose name is new.
    fn push(&mut self, name: Name, value: Value) {
        if let Some(places) = self.places.get_mut() {
            places.insert(name.clone(), self.entries.len());
        }
        self.entries.push((name, value));
    }
}

impl Map {
    /// No fields.
    pub const fn new() -> Map {
        Map(None)
    }

    /// No fields yet, with room for `count`.
    pub fn with_capacity(count: usize) -> Map {
        Map::of_distinct(Vec::with_capacity(count))
    }

    /// A map of `entries`, whose names must be distinct.
    pub fn of_distinct(entries: Vec<(Name, Value)>) -> Map {
        Map(Some(Arc::new(Fields { entries, places: OnceLock::new() })))
    }

    fn entries(&self) -> &[(Name, Value)] {
        self.0.as_ref().map_or(&[], |fields| &fields.entries)
    }

    fn fields_mut(&mut self) -> &mut Fields {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.as_ref()?.place(name)
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let fields = self.0.as_ref()?;
        fields.place(name).map(|place| &fields.entries[place].1)
    }

    /// The value of `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let place = self.place(name)?;
        Some(&mut self.fields_mut().entries[place].1)
    }

    /// Does it have a field `name`?
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Sets `name`; gives the value that it had.
    pub fn insert(&mut self, name: impl Into<Name>, value: Value) -> Option<Value> {
        let name = name.into();
        let fields = self.fields_mut();
        match fields.place(&name) {
            Some(place) => Some(std::mem::replace(&mut fields.entries[place].1, value)),
            None => {
                fields.push(name, value);
                None
            }
        }
    }

    /// The value of `name`, mutable; inserts `value` if it is missing.
    pub fn get_or_insert_with(&mut self, name: impl Into<Name>, value: impl FnOnce() -> Value) -> &mut Value {
        let name = name.into();
        let fields = self.fields_mut();
        let place = fields.place(&name).unwrap_or_else(|| {
            fields.push(name, value());
            fields.entries.len() - 1
        });
        &mut fields.entries[place].1
    }

    /// Takes `name` away; gives the value that it had. The others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name)?;
        let fields = self.fields_mut();
        let (_, value) = fields.entries.remove(place);
        fields.places.take();
        Some(value)
    }

    /// Keeps the fields that `kept` keeps.
    pub fn retain(&mut self, mut kept: impl FnMut(&Name, &mut Value) -> bool) {
        if !self.is_empty() {
            let fields = self.fields_mut();
            fields.entries.retain_mut(|(name, value)| kept(name, value));
            fields.places.take();
        }
    }

    /// Names and values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Name, &Value)> + ExactSizeIterator + Clone {
        self.entries().iter().map(|(name, value)| (name, value))
    }

    /// Names, and values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&Name, &mut Value)> + ExactSizeIterator {
        self.entries_mut().iter_mut().map(|(name, value)| (&*name, value))
    }

    fn entries_mut(&mut self) -> &mut [(Name, Value)] {
        if self.is_empty() { &mut [] } else { &mut self.fields_mut().entries }
    }

    /// The names.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Name> + ExactSizeIterator + Clone {
        self.iter().map(|(name, _)| name)
    }

    /// The values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> ValuesMut<'_> {
        self.entries_mut().iter_mut().map(|(_, value)| value)
    }
}

impl IntoIterator for Map {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map_or_else(Vec::new, |fields| Arc::unwrap_or_clone(fields).entries).into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m Name, &'m Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'m, (Name, Value)>, fn(&'m (Name, Value)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries().iter().map(|(name, value)| (name, value))
    }
}

impl<N: Into<Name>> Extend<(N, Value)> for Map {
    fn extend<I: IntoIterator<Item = (N, Value)>>(&mut self, fields: I) {
        fields.into_iter().for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> Map {
        let fields = fields.into_iter();
        let mut map = Map::with_capacity(fields.size_hint().0.min(FEW));
        map.extend(fields);
        map
    }
}

/// Equal where the same names have the same values, in whatever order.
impl PartialEq for Map {
    fn eq(&self, other: &Map) -> bool {
        let same = |(a, b): (&Arc<Fields>, &Arc<Fields>)| Arc::ptr_eq(a, b);
        self.0.as_ref().zip(other.0.as_ref()).is_some_and(same)
            || self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl Eq for Map {}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
