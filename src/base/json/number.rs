//! Numbers that keep their digits.

use std::fmt;

/// A number as it was written: an integer of any size, or a float with all its digits. Two are equal where they are written alike, so
/// `1.0` is neither `1` nor `1.00`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Digits);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Digits {
    /// An integer that fits, from 0.
    Natural(u64),
    /// One below 0.
    Negative(i64),
    /// Anything else: a larger integer, `-0`, a float, `NaN`.
    Other(Box<str>),
}

impl Number {
    /// `float`; `None` if it is not finite.
    pub fn from_f64(float: f64) -> Option<Number> {
        float.is_finite().then(|| Number(Digits::Other(format!("{float:?}").into())))
    }

    /// `digits`, which are a number as it is written.
    pub(super) fn written(digits: &str) -> Number {
        // An integer is written in one way, but for -0.
        let natural = |digits: &str| digits.parse().ok().map(Digits::Natural);
        let negative = |digits: &str| digits.parse().ok().filter(|number| *number < 0).map(Digits::Negative);
        let small = if digits.starts_with('-') { negative(digits) } else { natural(digits) };
        Number(small.unwrap_or_else(|| Digits::Other(digits.into())))
    }

    /// The integer, if it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Digits::Natural(number) => Some(*number),
            Digits::Negative(_) => None,
            Digits::Other(digits) => (**digits == *"-0").then_some(0),
        }
    }

    /// The integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Digits::Natural(number) => i64::try_from(*number).ok(),
            Digits::Negative(number) => Some(*number),
            Digits::Other(digits) => (**digits == *"-0").then_some(0),
        }
    }

    /// The nearest float; infinite if it is too large, as in Python.
    pub fn as_f64(&self) -> Option<f64> {
        Some(match &self.0 {
            Digits::Natural(number) => *number as f64,
            Digits::Negative(number) => *number as f64,
            Digits::Other(digits) => digits.parse().unwrap_or(f64::NAN),
        })
    }

    /// Is it an integer that [`Number::as_u64`] gives?
    pub fn is_u64(&self) -> bool {
        self.as_u64().is_some()
    }

    /// Is it an integer that [`Number::as_i64`] gives?
    pub fn is_i64(&self) -> bool {
        self.as_i64().is_some()
    }

    /// Is it a float: written with a point or an exponent, infinite, or not a number?
    pub fn is_f64(&self) -> bool {
        matches!(&self.0, Digits::Other(digits) if digits.contains(['.', 'e', 'E', 'N', 'I']))
    }

    /// The digits, where they do not fit into an integer of 64 bits.
    pub(super) fn digits(&self) -> Option<&str> {
        match &self.0 {
            Digits::Other(digits) => Some(digits),
            _ => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Natural(number) => number.fmt(f),
            Digits::Negative(number) => number.fmt(f),
            Digits::Other(digits) => f.write_str(digits),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! integers {
    ($($small:ty),*) => {
        $(impl From<$small> for Number {
            fn from(number: $small) -> Number {
                #[allow(clippy::unnecessary_fallible_conversions, reason = "it is one for some")]
                Number(match (u64::try_from(number), i64::try_from(number)) {
                    (Ok(natural), _) => Digits::Natural(natural),
                    (_, Ok(negative)) => Digits::Negative(negative),
                    _ => Digits::Other(number.to_string().into()),
                })
            }
        })*
    };
}

integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);
