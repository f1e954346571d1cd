//! What an object can do.

use std::fmt;
use std::sync::Arc;

use super::value::Fields;
use super::{Map, Name, Value};

/// The values of an object, to be changed.
pub type ValuesMut<'m> =
    std::iter::Map<std::slice::IterMut<'m, (Name, Value)>, fn(&'m mut (Name, Value)) -> &'m mut Value>;

/// Of so many fields one is found by walking them, without an index, which takes more memory than all else of a server.
const FEW: usize = 64;

impl Fields {
    fn place(&self, name: &str) -> Option<usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|(own, _)| own == name);
        }
        let places =
            || Box::new(self.entries.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect());
        self.places.get_or_init(places).get(name).copied()
    }

    /// Adds a field whose name is new.
    fn push(&mut self, name: Name, value: Value) {
        if let Some(places) = self.places.get_mut() {
            places.insert(name.clone(), self.entries.len());
        }
        // What stands over another has few fields more than it was made for.
        if !self.base.is_empty() && self.entries.len() == self.entries.capacity() {
            self.entries.reserve_exact(4);
        }
        self.entries.push((name, value));
    }

    /// Its own fields, then those of its base that it has none of the name of.
    fn visible(&self) -> Vec<(&Name, &Value)> {
        let mut all: Vec<(&Name, &Value)> = self.entries.iter().map(|(name, value)| (name, value)).collect();
        all.extend(self.base.iter().filter(|(name, _)| self.place(name).is_none()));
        all
    }

    /// Makes all that is visible its own.
    fn flatten(&mut self) {
        if !self.base.is_empty() {
            self.entries = self.visible().into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            self.base = Map::new();
            self.places.take();
        }
    }
}

/// The fields of an object: a walk over its own ones, or over those that were gathered from it and what it stands over.
#[derive(Clone, Debug)]
pub enum Iter<'m> {
    /// Of an object that stands over none.
    Own(std::slice::Iter<'m, (Name, Value)>),
    /// Of one that does.
    Gathered(std::vec::IntoIter<(&'m Name, &'m Value)>),
}

impl<'m> Iterator for Iter<'m> {
    type Item = (&'m Name, &'m Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Iter::Own(all) => all.next().map(|(name, value)| (name, value)),
            Iter::Gathered(all) => all.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Iter::Own(all) => all.size_hint(),
            Iter::Gathered(all) => all.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Iter::Own(all) => all.next_back().map(|(name, value)| (name, value)),
            Iter::Gathered(all) => all.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

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
        Map(Some(Arc::new(Fields { entries, ..Fields::default() })))
    }

    /// What `base` says, with room for `count` fields that differ. They are put over it; `base` itself is shared.
    pub fn over(base: &Map, count: usize) -> Map {
        Map(Some(Arc::new(Fields { entries: Vec::with_capacity(count), base: base.clone(), ..Fields::default() })))
    }

    fn fields_mut(&mut self) -> &mut Fields {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.iter().len()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|fields| fields.entries.is_empty() && fields.base.is_empty())
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let fields = self.0.as_ref()?;
        match fields.place(name) {
            Some(place) => Some(&fields.entries[place].1),
            None => fields.base.get(name),
        }
    }

    /// The value of `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let fields = self.0.as_ref()?;
        let place = match fields.place(name) {
            Some(place) => place,
            None => {
                let value = fields.base.get(name)?.clone();
                // The name of the base is shared, as its values are.
                let name = fields.base.name(name)?.clone();
                let fields = self.fields_mut();
                fields.push(name, value);
                fields.entries.len() - 1
            }
        };
        Some(&mut self.fields_mut().entries[place].1)
    }

    /// The field's own copy of its name.
    fn name(&self, name: &str) -> Option<&Name> {
        let fields = self.0.as_ref()?;
        fields.place(name).map_or_else(|| fields.base.name(name), |place| Some(&fields.entries[place].0))
    }

    /// Does it have a field `name`?
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets `name`; gives the value that it had.
    pub fn insert(&mut self, name: impl Into<Name>, value: Value) -> Option<Value> {
        let name = name.into();
        let fields = self.fields_mut();
        match fields.place(&name) {
            Some(place) => Some(std::mem::replace(&mut fields.entries[place].1, value)),
            None => {
                let old = fields.base.get(&name).cloned();
                fields.push(name, value);
                old
            }
        }
    }

    /// Sets `name`, which is not there yet or in the base alone; it is not looked for.
    pub fn push(&mut self, name: &'static str, value: impl Into<Value>) {
        let fields = self.fields_mut();
        debug_assert!(fields.place(name).is_none(), "{name} is there already");
        fields.push(name.into(), value.into());
    }

    /// The value of `name`, mutable; inserts `value` if it is missing.
    pub fn get_or_insert_with(&mut self, name: impl Into<Name>, value: impl FnOnce() -> Value) -> &mut Value {
        let name = name.into();
        let fields = self.fields_mut();
        let place = fields.place(&name).unwrap_or_else(|| {
            let value = fields.base.get(&name).map_or_else(value, Value::clone);
            fields.push(name, value);
            fields.entries.len() - 1
        });
        &mut fields.entries[place].1
    }

    /// Takes `name` away; gives the value that it had. The others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        if !self.contains_key(name) {
            return None;
        }
        let fields = self.fields_mut();
        if fields.base.contains_key(name) {
            fields.flatten();
        }
        let place = fields.place(name)?;
        let (_, value) = fields.entries.remove(place);
        fields.places.take();
        Some(value)
    }

    /// Keeps the fields that `kept` keeps.
    pub fn retain(&mut self, mut kept: impl FnMut(&Name, &mut Value) -> bool) {
        if !self.is_empty() {
            let fields = self.fields_mut();
            fields.flatten();
            fields.entries.retain_mut(|(name, value)| kept(name, value));
            fields.places.take();
        }
    }

    /// Names and values.
    pub fn iter(&self) -> Iter<'_> {
        match &self.0 {
            None => Iter::Own([].iter()),
            Some(fields) if fields.base.is_empty() => Iter::Own(fields.entries.iter()),
            Some(fields) => Iter::Gathered(fields.visible().into_iter()),
        }
    }

    /// Names, and values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&Name, &mut Value)> + ExactSizeIterator {
        self.entries_mut().iter_mut().map(|(name, value)| (&*name, value))
    }

    fn entries_mut(&mut self) -> &mut [(Name, Value)] {
        if self.is_empty() {
            return &mut [];
        }
        let fields = self.fields_mut();
        fields.flatten();
        &mut fields.entries
    }

    /// The object as a value, which shares its fields.
    pub fn to_value(&self) -> Value {
        Value::Object(self.clone())
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
        let Some(fields) = self.0 else { return Vec::new().into_iter() };
        let mut fields = Arc::unwrap_or_clone(fields);
        fields.flatten();
        fields.entries.into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m Name, &'m Value);
    type IntoIter = Iter<'m>;

    fn into_iter(self) -> Iter<'m> {
        self.iter()
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
