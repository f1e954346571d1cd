//! Names with `*` in them.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

/// A name in which `*` stands for anything, such as `web-*`.
#[derive(Clone, Debug)]
pub struct Glob {
    text: String,
    regex: Regex,
}

impl Glob {
    /// Is `name` one of those?
    pub fn is_match(&self, name: &str) -> bool {
        self.regex.is_match(name)
    }
}

impl FromStr for Glob {
    type Err = String;

    fn from_str(text: &str) -> Result<Glob, String> {
        let parts: Vec<String> = text.split('*').map(regex::escape).collect();
        let regex = Regex::new(&format!("(?s)^{}$", parts.join(".*"))).map_err(|_| format!("{text:?} is too long"))?;
        Ok(Glob { text: text.to_owned(), regex })
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Glob) -> bool {
        self.text == other.text
    }
}

impl Eq for Glob {}
