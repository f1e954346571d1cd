//! A microversion as written in a header.

use std::fmt;
use std::str::FromStr;

/// `MAJOR.MINOR`, compared as two numbers (2.10 comes after 2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microversion {
    /// The part before the dot, from 1.
    pub major: u32,
    /// The part after the dot, from 0.
    pub minor: u32,
}

/// The text is not `^([1-9]\d*)\.([1-9]\d*|0)$`, Nova's own rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a microversion: expected MAJOR.MINOR, for example 2.37")]
pub struct InvalidMicroversion(pub String);

impl FromStr for Microversion {
    type Err = InvalidMicroversion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |part: &str, zero_allowed: bool| -> Option<u32> {
            let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let leading_zero = part.starts_with('0') && !(zero_allowed && part == "0");
            (digits && !leading_zero).then(|| part.parse().ok()).flatten()
        };
        text.split_once('.')
            .and_then(|(major, minor)| Some(Microversion { major: number(major, false)?, minor: number(minor, true)? }))
            .ok_or_else(|| InvalidMicroversion(text.to_owned()))
    }
}

impl fmt::Display for Microversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_by_number_not_by_text() {
        let [nine, ten]: [Microversion; 2] = ["2.9", "2.10"].map(|t| t.parse().unwrap());
        assert!(nine < ten);
    }

    #[test]
    fn only_novas_spelling_is_accepted() {
        for bad in ["", "2", "2.", ".1", "2.01", "02.1", "2.1.1", "a.b", "2.-1", "+2.1", "2.1 ", "0.1", "99999999999.1"]
        {
            assert!(bad.parse::<Microversion>().is_err(), "{bad}");
        }
        assert_eq!("2.0".parse(), Ok(Microversion { major: 2, minor: 0 }));
    }
}
