//! Deserializes values of any type from text.

use std::borrow::Cow;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::Error;
use super::error::Flaw;
use super::reader::Reader;

/// The name under which a value asks for numbers as they are written. Other formats do not know it, and give it what they have.
pub(super) const AS_WRITTEN: &str = "$mockstack::json::Value";

impl<'de> Reader<'de> {
    fn any<V: Visitor<'de>>(&mut self, visitor: V, as_written: bool) -> Result<V::Value, Error> {
        match self.peek_token() {
            None => Err(self.wrong_next(Flaw::EndOfValue)),
            Some(b'n') => self.word("null").and_then(|()| visitor.visit_unit()),
            Some(b't') => self.word("true").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.word("false").and_then(|()| visitor.visit_bool(false)),
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            // What is wrong with it as a whole stands at its end.
            Some(b'[') => {
                self.open()?;
                let value = visitor.visit_seq(Parts { reader: self, is_first: true });
                let end = self.close(b']');
                value.and_then(|value| end.map(|()| value))
            }
            Some(b'{') => {
                self.open()?;
                let value = visitor.visit_map(Parts { reader: self, is_first: true });
                let end = self.close(b'}');
                value.and_then(|value| end.map(|()| value))
            }
            Some(b'-' | b'0'..=b'9' | b'N' | b'I') => number(self.number()?, visitor, as_written),
            Some(_) => Err(self.wrong_next(Flaw::Value)),
        }
        .map_err(|error| self.placed(error))
    }
}

fn number<'de, V: Visitor<'de>>(digits: &'de str, visitor: V, as_written: bool) -> Result<V::Value, Error> {
    let is_other = digits == "-0" || digits.bytes().any(|byte| !matches!(byte, b'-' | b'0'..=b'9'));
    let other = |visitor: V| match as_written {
        true => visitor.visit_borrowed_bytes(digits.as_bytes()),
        false => visitor.visit_f64(digits.parse().unwrap_or(f64::NAN)),
    };
    match digits.parse() {
        _ if is_other => other(visitor),
        Ok(number) => visitor.visit_u64(number),
        Err(_) => match digits.parse() {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => other(visitor),
        },
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.any(visitor, false)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek_token() {
            Some(b'n') => self.word("null").and_then(|()| visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match name {
            AS_WRITTEN => self.any(visitor, true),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// A variant is its name, or an object with that name alone.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.peek_token() {
            Some(b'"') => visitor.visit_enum(self.string()?.into_deserializer()).map_err(|error| self.placed(error)),
            Some(b'{') => {
                self.open()?;
                if !self.has_field(true)? {
                    return Err(self.wrong_next(Flaw::Value));
                }
                let value = visitor.visit_enum(Variant(self))?;
                self.close(b'}').map(|()| value)
            }
            _ => Err(self.wrong_next(Flaw::Value)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The items of a list, or the fields of an object.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let has_item = self.reader.has_item(std::mem::take(&mut self.is_first))?;
        has_item.then(|| seed.deserialize(&mut *self.reader)).transpose()
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let has_field = self.reader.has_field(std::mem::take(&mut self.is_first))?;
        has_field.then(|| seed.deserialize(&mut *self.reader)).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        self.reader.colon()?;
        seed.deserialize(&mut *self.reader)
    }
}

/// The variant whose name is read next, and what it holds.
struct Variant<'r, 'de>(&'r mut Reader<'de>);

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Error> {
        let variant = seed.deserialize(&mut *self.0)?;
        self.0.colon().map(|()| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }
}
