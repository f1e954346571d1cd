//! Fields by their names, items by their places: `body["server"]["networks"][0]`.

use std::ops;

use super::{Map, Name, Value};

/// What a part of a value is asked by: a name or a place.
pub trait Index {
    /// The part of `value`.
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value>;

    /// The same, to be changed.
    fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value>;

    /// The same; a field that is not there is added to an object, and to `null`, which becomes one.
    fn made_in<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value>;
}

impl Index for str {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_object()?.get(self)
    }

    fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_object_mut()?.get_mut(self)
    }

    fn made_in<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        if value.is_null() {
            *value = Value::Object(super::Map::new());
        }
        Some(value.as_object_mut()?.get_or_insert_with(Name::copy_of(self), Value::default))
    }
}

impl Index for usize {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_array()?.get(*self)
    }

    fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_array_mut()?.get_mut(*self)
    }

    fn made_in<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.of_mut(value)
    }
}

macro_rules! as_what_it_points_to {
    ($($kind:ty $(, $bound:ident)?;)*) => {
        $(impl $(<T: $bound + ?Sized>)? Index for $kind {
            fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
                (**self).of(value)
            }

            fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
                (**self).of_mut(value)
            }

            fn made_in<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
                (**self).made_in(value)
            }
        })*
    };
}

as_what_it_points_to!(String; Name; &T, Index;);

static NULL: Value = Value::Null;

/// `null` stands for what is not there.
impl<I: Index> ops::Index<I> for Value {
    type Output = Value;

    fn index(&self, index: I) -> &Value {
        index.of(self).unwrap_or(&NULL)
    }
}

/// As in a value of these fields, `null` stands for what is not there.
impl ops::Index<&str> for Map {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&NULL)
    }
}

/// # Panics
/// If there is no such place in the list, or if the value has no fields.
impl<I: Index> ops::IndexMut<I> for Value {
    #[expect(clippy::expect_used, reason = "there is nothing else to give")]
    fn index_mut(&mut self, index: I) -> &mut Value {
        index.made_in(self).expect("the value has such a part")
    }
}
