//! The fields of a stored resource: a JSON object that is small where many are alike.

use std::sync::Arc;

use super::json::{Map, Name, Value};

/// The fields of a resource, in order. Names that the code knows cost nothing, and neither do values that many resources have:
/// those that all of a kind start with, and those that were put in by [`FieldMap::push_shared`], are shared until they change.
#[derive(Clone, Debug, Default)]
pub struct FieldMap {
    own: Vec<(Name, Field)>,
    shared: Option<&'static FieldMap>,
}

/// The value of a field.
#[derive(Clone, Debug)]
enum Field {
    Own(Value),
    Shared(Arc<Value>),
}

impl Field {
    fn value(&self) -> &Value {
        match self {
            Field::Own(value) => value,
            Field::Shared(value) => value,
        }
    }

    /// The value, to be changed: from then on it is our own.
    fn value_mut(&mut self) -> &mut Value {
        match self {
            Field::Own(value) => value,
            Field::Shared(value) => Arc::make_mut(value),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Field::Own(value) => value,
            Field::Shared(value) => Arc::unwrap_or_clone(value),
        }
    }
}

impl FieldMap {
    /// Nothing yet, with room for `count` fields.
    pub fn with_capacity(count: usize) -> FieldMap {
        FieldMap { own: Vec::with_capacity(count), shared: None }
    }

    /// What `shared` says, with room for `count` fields that differ.
    pub fn like(shared: &'static FieldMap, count: usize) -> FieldMap {
        FieldMap { shared: Some(shared), ..FieldMap::with_capacity(count) }
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let own = self.own.iter().find(|(own, _)| own == name).map(|(_, field)| field.value());
        own.or_else(|| self.shared?.get(name))
    }

    /// The value of `name`, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        let place = self.own_place(name)?;
        Some(self.own[place].1.value_mut())
    }

    /// The value of `name`, mutable; inserts `value` if it is missing.
    pub fn get_or_insert_with(&mut self, name: impl Into<Name>, value: impl FnOnce() -> Value) -> &mut Value {
        let name = name.into();
        let place = self.own_place(&name).unwrap_or_else(|| {
            self.own.push((name, Field::Own(value())));
            self.own.len() - 1
        });
        self.own[place].1.value_mut()
    }

    /// Where the own value of `name` is; a shared one becomes our own.
    fn own_place(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.own.iter().position(|(own, _)| own == name) {
            return Some(place);
        }
        let (name, field) = self.shared?.entries().find(|(shared, _)| *shared == name)?;
        self.own.push((name.clone(), field.clone()));
        Some(self.own.len() - 1)
    }

    /// Is there a field `name`?
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets `name`; gives the value that it had of its own.
    pub fn insert(&mut self, name: impl Into<Name>, value: Value) -> Option<Value> {
        let name = name.into();
        match self.own.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => Some(std::mem::replace(old, Field::Own(value)).into_value()),
            None => {
                let old = self.shared.and_then(|shared| shared.get(&name)).cloned();
                self.own.push((name, Field::Own(value)));
                old
            }
        }
    }

    /// Sets `name`, which has no value of its own yet; it is not looked for.
    pub fn push(&mut self, name: &'static str, value: impl Into<Value>) {
        self.push_field(name, Field::Own(value.into()));
    }

    /// Sets `name`, which has no value of its own yet, to one that others have too.
    pub fn push_shared(&mut self, name: &'static str, value: Arc<Value>) {
        self.push_field(name, Field::Shared(value));
    }

    fn push_field(&mut self, name: &'static str, field: Field) {
        debug_assert!(self.own.iter().all(|(own, _)| own != name), "{name} is there already");
        self.own.push((name.into(), field));
    }

    /// Takes `name` away; gives the value that it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        if self.shared.is_some_and(|shared| shared.contains_key(name)) {
            self.own = self.entries().map(|(name, field)| (name.clone(), field.clone())).collect();
            self.shared = None;
        }
        let place = self.own.iter().position(|(own, _)| own == name)?;
        Some(self.own.remove(place).1.into_value())
    }

    /// Keeps the fields that `kept` keeps.
    pub fn retain(&mut self, kept: impl Fn(&str, &Value) -> bool) {
        let gone: Vec<Name> =
            self.entries().filter(|(name, field)| !kept(name, field.value())).map(|(name, _)| name.clone()).collect();
        for name in gone {
            self.remove(&name);
        }
    }

    /// Names and values, the own ones first.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries().map(|(name, field)| (name.as_ref(), field.value()))
    }

    fn entries(&self) -> impl Iterator<Item = (&Name, &Field)> {
        let is_own = |name: &str| self.own.iter().any(|(own, _)| own == name);
        let shared = self.shared.into_iter().flat_map(|shared| &shared.own).filter(move |(name, _)| !is_own(name));
        self.own.iter().chain(shared).map(|(name, field)| (name, field))
    }

    /// A copy as a JSON object.
    pub fn to_map(&self) -> Map {
        self.entries().map(|(name, field)| (name.clone(), field.value().clone())).collect()
    }

    /// A copy as a JSON value.
    pub fn to_value(&self) -> Value {
        Value::Object(self.to_map())
    }
}

impl<N: Into<Name>> Extend<(N, Value)> for FieldMap {
    fn extend<I: IntoIterator<Item = (N, Value)>>(&mut self, fields: I) {
        fields.into_iter().for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for FieldMap {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(fields: I) -> FieldMap {
        let mut all = FieldMap::default();
        all.extend(fields);
        all
    }
}

impl From<Map> for FieldMap {
    fn from(map: Map) -> FieldMap {
        // The names of a map differ.
        FieldMap { own: map.into_iter().map(|(name, value)| (name, Field::Own(value))).collect(), shared: None }
    }
}

/// Equal where the same names have the same values, whatever is shared.
impl PartialEq for FieldMap {
    fn eq(&self, other: &FieldMap) -> bool {
        self.iter().count() == other.iter().count() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;
    use std::sync::LazyLock;

    static START: LazyLock<FieldMap> =
        LazyLock::new(|| [("locked", json!(false)), ("tags", json!([]))].into_iter().collect());

    #[test]
    fn shared_fields_are_as_good_as_own_ones() {
        let mut fields = FieldMap::like(&START, 2);
        fields.insert("id", json!("1"));
        assert_eq!(fields.to_value(), json!({"id": "1", "locked": false, "tags": []}));
        assert_eq!(fields.insert("locked", json!(true)), Some(json!(false)));
        fields.get_or_insert_with("tags", || json!(null)).as_array_mut().unwrap().push(json!("a"));
        assert_eq!(fields.to_value(), json!({"id": "1", "locked": true, "tags": ["a"]}));
        assert_eq!(START.to_value(), json!({"locked": false, "tags": []}));
    }

    #[test]
    fn a_value_that_others_have_too_is_left_to_them() {
        let flavor = Arc::new(json!({"ram": 1}));
        let mut servers = [FieldMap::default(), FieldMap::default()];
        servers.iter_mut().for_each(|server| server.push_shared("flavor", Arc::clone(&flavor)));
        servers[0].get_mut("flavor").unwrap()["ram"] = json!(2);
        assert_eq!(servers[0].to_value(), json!({"flavor": {"ram": 2}}));
        assert_eq!(servers[1].insert("flavor", json!(null)), Some(json!({"ram": 1})));
        assert_eq!(*flavor, json!({"ram": 1}));
    }

    #[test]
    fn a_shared_field_can_be_taken_away() {
        let mut fields = FieldMap::like(&START, 0);
        assert_eq!(fields.remove("tags"), Some(json!([])));
        assert_eq!(fields.remove("tags"), None);
        assert_eq!(fields, [("locked", json!(false))].into_iter().collect());
        let mut all = FieldMap::like(&START, 0);
        all.retain(|name, _| name == "tags");
        assert_eq!(all.to_value(), json!({"tags": []}));
    }
}
