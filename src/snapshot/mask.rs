//! Values that clients make up, such as names with a number in them.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

use crate::base::Pointer;
use crate::base::json::Value;

/// The replacement for a masked value.
pub const MASKED: &str = "[masked]";

/// `POINTER` or `POINTER=REGEX`: a place of a body whose text, or the part of it that matches, differs from run to run.
#[derive(Clone, Debug)]
pub struct Mask {
    pointer: Pointer,
    part: Option<Regex>,
}

impl Mask {
    /// The texts that the mask covers in `body`.
    pub fn covered(&self, body: &Value) -> Vec<String> {
        let Some(text) = self.pointer.find(body).and_then(Value::as_str) else { return Vec::new() };
        match &self.part {
            None => vec![text.to_owned()],
            Some(part) => {
                part.find_iter(text).map(|found| found.as_str().to_owned()).filter(|found| !found.is_empty()).collect()
            }
        }
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{}={part}", self.pointer),
            None => self.pointer.fmt(f),
        }
    }
}

impl FromStr for Mask {
    type Err = String;

    fn from_str(text: &str) -> Result<Mask, String> {
        let (pointer, part) = text.split_once('=').map_or((text, None), |(pointer, part)| (pointer, Some(part)));
        if !pointer.starts_with('/') {
            return Err(format!(
                "{pointer:?} is not a JSON pointer; a pointer starts with a slash, such as /server/name"
            ));
        }
        let part = part.map(Regex::new).transpose().map_err(|error| error.to_string())?;
        Ok(Mask { pointer: Pointer::parse(pointer), part })
    }
}
