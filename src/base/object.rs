//! A JSON object of which many fields are asked.

use super::json::{Map, Value};

/// An object that is asked for many fields, most of which it does not have: a body that was sent. It mostly has few of its own,
/// and then walking them takes less than hashing each name that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Object<'v>(&'v Map);

impl<'v> Object<'v> {
    /// `value` as an object, if it is one.
    pub fn of(value: &'v Value) -> Option<Object<'v>> {
        value.as_object().map(Object)
    }

    /// The field `name`.
    pub fn get(self, name: &str) -> Option<&'v Value> {
        const FEW: usize = 12;
        match self.0.len() {
            ..=FEW => self.0.iter().find(|(own, _)| *own == name).map(|(_, value)| value),
            _ => self.0.get(name),
        }
    }

    /// Is there a field `name`?
    pub fn contains_key(self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_fields_are_found_alike() {
        for count in [1, 12, 13, 40] {
            let value: Value = (0..count).map(|number| (format!("f{number}"), Value::from(number))).collect();
            let object = Object::of(&value).unwrap();
            assert!((0..count).all(|number| object.get(&format!("f{number}")) == Some(&Value::from(number))));
            assert!(!object.contains_key("g"));
        }
        assert!(Object::of(&Value::Null).is_none());
    }
}
