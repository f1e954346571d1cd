//! Reads documents.

use serde::Deserialize;

use super::error::Flaw;
use super::reader::{DEEPEST, Reader, placed};
use super::{Error, Number, Value};

/// Reads a document.
///
/// # Errors
/// The text is not JSON, or does not deserialize to a `T`.
pub fn from_str<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Error> {
    from_str_within(text, DEEPEST)
}

/// Reads a document whose brackets go `deepest` deep at most.
///
/// # Errors
/// As [`from_str`]; see [`Error::is_too_deep`].
pub fn from_str_within<'t, T: Deserialize<'t>>(text: &'t str, deepest: usize) -> Result<T, Error> {
    let mut reader = Reader::new(text, deepest);
    let value = T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| reader.placed(error))
}

/// Reads a document.
///
/// # Errors
/// As [`from_str`]; also if the bytes are not UTF-8.
pub fn from_slice<'t, T: Deserialize<'t>>(bytes: &'t [u8]) -> Result<T, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => from_str(text),
        Err(error) => Err(placed(Flaw::Unicode.into(), &bytes[..error.valid_up_to()])),
    }
}

impl std::str::FromStr for Value {
    type Err = Error;

    fn from_str(text: &str) -> Result<Value, Error> {
        from_str(text)
    }
}

impl std::str::FromStr for Number {
    type Err = Error;

    fn from_str(text: &str) -> Result<Number, Error> {
        let mut reader = Reader::new(text, DEEPEST);
        let digits = reader.number()?;
        reader.end().map(|()| Number::written(digits))
    }
}
