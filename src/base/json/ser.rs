//! Writes values of any type as JSON.

use std::fmt::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

use super::show::AS_WRITTEN;
use super::write::write_text;
use super::{Error, Value, from_str};

/// `value` in one line.
///
/// # Errors
/// The value refuses to be serialized.
pub fn to_string(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    let mut out = String::with_capacity(128);
    value.serialize(&mut Writer { out: &mut out, is_digits: false })?;
    Ok(out)
}

/// `value` as what is read when it is written.
///
/// # Errors
/// As [`to_string`].
pub fn to_value(value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    from_str(&to_string(value)?)
}

struct Writer<'o> {
    out: &'o mut String,
    /// Does a number follow as a text of its digits?
    is_digits: bool,
}

/// Deserializes a `T` from `value`.
///
/// # Errors
/// The value does not deserialize to a `T`.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    from_str(&value.to_string())
}

impl Writer<'_> {
    fn show(&mut self, value: impl std::fmt::Display) -> Result<(), Error> {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
        Ok(())
    }
}

impl<'w, 'o> Writer<'o> {
    fn parts(&'w mut self, open: char, close: &'static str) -> Result<Parts<'w, 'o>, Error> {
        self.out.push(open);
        Ok(Parts { writer: self, is_first: true, close })
    }

    fn variant(&'w mut self, name: &str, open: char, close: &'static str) -> Result<Parts<'w, 'o>, Error> {
        self.out.push('{');
        write_text(name, self.out);
        self.out.push(':');
        self.parts(open, close)
    }
}

macro_rules! shown {
    ($($method:ident $kind:ty),*) => {
        $(fn $method(self, value: $kind) -> Result<(), Error> {
            self.show(value)
        })*
    };
}

impl<'w, 'o> Serializer for &'w mut Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'w, 'o>;
    type SerializeTuple = Parts<'w, 'o>;
    type SerializeTupleStruct = Parts<'w, 'o>;
    type SerializeTupleVariant = Parts<'w, 'o>;
    type SerializeMap = Parts<'w, 'o>;
    type SerializeStruct = Parts<'w, 'o>;
    type SerializeStructVariant = Parts<'w, 'o>;

    shown!(
        serialize_bool bool, serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128
    );

    fn is_human_readable(&self) -> bool {
        !self.is_digits
    }

    fn serialize_f32(self, float: f32) -> Result<(), Error> {
        self.serialize_f64(float.into())
    }

    fn serialize_f64(self, float: f64) -> Result<(), Error> {
        self.show(Value::from(float))
    }

    fn serialize_char(self, char: char) -> Result<(), Error> {
        self.serialize_str(char.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        match self.is_digits {
            true => self.out.push_str(text),
            false => write_text(text, self.out),
        }
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Error> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.show("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(&mut Writer { out: self.out, is_digits: name == AS_WRITTEN })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.collect_map([(variant, value)])
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'w, 'o>, Error> {
        self.parts('[', "]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'w, 'o>, Error> {
        self.parts('[', "]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'w, 'o>, Error> {
        self.parts('[', "]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'w, 'o>, Error> {
        self.variant(variant, '[', "]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'w, 'o>, Error> {
        self.parts('{', "}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'w, 'o>, Error> {
        self.parts('{', "}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'w, 'o>, Error> {
        self.variant(variant, '{', "}}")
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.serialize_str(&value.to_string())
    }
}

/// The items of a list or the fields of an object.
struct Parts<'w, 'o> {
    writer: &'w mut Writer<'o>,
    is_first: bool,
    close: &'static str,
}

impl Parts<'_, '_> {
    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.writer.out.push(',');
        }
    }

    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        value.serialize(&mut *self.writer)
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    /// A name that is no text gets quotes.
    fn name(&mut self, name: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.separate();
        let start = self.writer.out.len();
        name.serialize(&mut *self.writer)?;
        if !self.writer.out[start..].starts_with('"') {
            self.writer.out.insert(start, '"');
            self.writer.out.push('"');
        }
        self.writer.out.push(':');
        Ok(())
    }

    fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.separate();
        write_text(name, self.writer.out);
        self.writer.out.push(':');
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Result<(), Error> {
        self.writer.show(self.close)
    }
}

macro_rules! parts {
    ($($kind:ident: $($method:ident($($name:ident: $name_type:ty)?) = $own:ident),*;)*) => {
        $(impl $kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Error;

            $(fn $method<T: Serialize + ?Sized>(&mut self, $($name: $name_type,)? value: &T) -> Result<(), Error> {
                self.$own($($name,)? value)
            })*

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

parts! {
    SerializeSeq: serialize_element() = item;
    SerializeTuple: serialize_element() = item;
    SerializeTupleStruct: serialize_field() = item;
    SerializeTupleVariant: serialize_field() = item;
    SerializeStruct: serialize_field(name: &'static str) = field;
    SerializeStructVariant: serialize_field(name: &'static str) = field;
    SerializeMap: serialize_key() = name, serialize_value() = value;
}
