//! Values of everything that Rust has for them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Map, Name, Number, Value};

impl From<bool> for Value {
    fn from(bool: bool) -> Value {
        Value::Bool(bool)
    }
}

/// `null` if it is not finite.
impl From<f64> for Value {
    fn from(float: f64) -> Value {
        Number::from_f64(float).map_or(Value::Null, Value::Number)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Value {
        Value::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::String(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Value {
        Value::String(text.clone())
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Value {
        Value::String(text.into_owned())
    }
}

impl From<Name> for Value {
    fn from(name: Name) -> Value {
        Value::String(name.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Object(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        items.into_iter().collect()
    }
}

impl<T: Clone + Into<Value>> From<&[T]> for Value {
    fn from(items: &[T]) -> Value {
        items.iter().cloned().collect()
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Value {
        items.into_iter().collect()
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<()> for Value {
    fn from((): ()) -> Value {
        Value::Null
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Value {
        Value::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<N: Into<Name>, T: Into<Value>> FromIterator<(N, T)> for Value {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(fields: I) -> Value {
        Value::Object(fields.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}

/// What [`json!`](super::json!) takes without taking it away.
pub trait ToJson {
    /// A copy as a value.
    fn to_json(&self) -> Value;
}

macro_rules! copied {
    ($($kind:ty),*) => {
        $(impl ToJson for $kind {
            fn to_json(&self) -> Value {
                self.clone().into()
            }
        })*
    };
}

copied!(bool, f64, Number, String, Cow<'_, str>, Name, Map, Value);

impl ToJson for str {
    fn to_json(&self) -> Value {
        self.into()
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for &mut T {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for Arc<T> {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::to_json)
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        self.iter().map(ToJson::to_json).collect()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: ToJson> ToJson for BTreeSet<T> {
    fn to_json(&self) -> Value {
        self.iter().map(ToJson::to_json).collect()
    }
}

impl<N: AsRef<str>, T: ToJson> ToJson for BTreeMap<N, T> {
    fn to_json(&self) -> Value {
        self.iter().map(|(name, value)| (Name::copy_of(name.as_ref()), value.to_json())).collect()
    }
}

impl<A: ToJson, B: ToJson> ToJson for (A, B) {
    fn to_json(&self) -> Value {
        Value::Array(vec![self.0.to_json(), self.1.to_json()])
    }
}

macro_rules! integers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Value {
            fn from(number: $kind) -> Value {
                Value::Number(number.into())
            }
        }

        impl ToJson for $kind {
            fn to_json(&self) -> Value {
                (*self).into()
            }
        }

        compared!($kind, |value, number| value.as_number() == Some(&number.into()));)*
    };
}

macro_rules! compared {
    ($kind:ty, $equal:expr) => {
        impl PartialEq<$kind> for Value {
            fn eq(&self, other: &$kind) -> bool {
                let equal: fn(&Value, $kind) -> bool = $equal;
                equal(self, *other)
            }
        }

        impl PartialEq<$kind> for &Value {
            fn eq(&self, other: &$kind) -> bool {
                **self == *other
            }
        }

        impl PartialEq<Value> for $kind {
            fn eq(&self, other: &Value) -> bool {
                other == self
            }
        }
    };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
compared!(bool, |value, bool| value.as_bool() == Some(bool));
compared!(f64, |value, float| value.as_number() == Number::from_f64(float).as_ref() && float.is_finite());

macro_rules! texts {
    ($($kind:ty),*) => {
        $(impl PartialEq<$kind> for Value {
            fn eq(&self, other: &$kind) -> bool {
                let other: &str = other.as_ref();
                self.as_str() == Some(other)
            }
        }

        impl PartialEq<Value> for $kind {
            fn eq(&self, other: &Value) -> bool {
                other == self
            }
        })*
    };
}

texts!(str, &str, String);
