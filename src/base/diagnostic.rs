//! The one renderer of everything that mockstack reports as wrong.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::Place;

/// What is wrong, as data: a headline, then labelled rows (where, expected, found, what to do next).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What it is about, in a line.
    pub headline: String,
    /// The details, in the order in which they are read.
    pub rows: Vec<Row>,
}

/// A labelled line of a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "(String, String)")]
pub struct Row {
    /// What the text is: `expected`, `fix`, or a JSON pointer.
    pub label: String,
    /// The text; further lines are indented like the first.
    pub text: String,
}

impl From<(String, String)> for Row {
    fn from((label, text): (String, String)) -> Row {
        Row { label, text }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.label, &self.text).serialize(serializer)
    }
}

impl Diagnostic {
    /// A diagnostic without details.
    pub fn new(headline: impl Into<String>) -> Diagnostic {
        Diagnostic { headline: headline.into(), rows: Vec::new() }
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, label: impl Into<String>, text: impl Into<String>) -> Diagnostic {
        self.rows.push(Row { label: label.into(), text: text.into() });
        self
    }

    /// Adds a row if there is a text for it.
    #[must_use]
    pub fn row_if(self, label: &str, text: Option<impl Into<String>>) -> Diagnostic {
        match text {
            Some(text) => self.row(label, text),
            None => self,
        }
    }

    /// Adds the one of `known` that was probably meant by `word`, if one is near.
    #[must_use]
    pub fn did_you_mean<'k>(self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Diagnostic {
        self.row_if("did you mean", nearest(word, known))
    }

    /// Adds the place in a file.
    #[must_use]
    pub fn at(self, place: &Place) -> Diagnostic {
        self.row("where", place.to_string())
    }
}

/// The one of `known` that is spelled most like `word`, if any is like it at all: one edit for every three characters.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let asked = word.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&asked, &name.to_lowercase());
    // A word that is no word of ours is not compared at length.
    let few = (word.chars().count() / 3).clamp(1, 4);
    let is_short = word.len() <= 100;
    let all = known.into_iter().filter(|_| is_short).map(|name| (distance(name), name));
    all.filter(|(distance, _)| *distance <= few).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// Labels are padded to this width, so that texts stand below each other; a longer label pushes its own text.
const LABEL_WIDTH: usize = 13;

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.headline)?;
        for row in &self.rows {
            let mut lines = row.text.lines();
            writeln!(f, "  {:LABEL_WIDTH$}  {}", row.label, lines.next().unwrap_or_default())?;
            for line in lines {
                writeln!(f, "  {:LABEL_WIDTH$}  {line}", "")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_word_is_near_the_right_one_and_another_is_not() {
        let known = ["status", "size", "name"];
        assert_eq!(nearest("staus", known), Some("status"));
        assert_eq!(nearest("Name", known), Some("name"));
        assert_eq!(nearest("flavor", known), None);
        assert_eq!(nearest(&"x".repeat(1000), known), None);
    }

    #[test]
    fn rows_are_aligned_below_the_headline() {
        let text = Diagnostic::new("unknown key")
            .row("where", "a.yaml:1:2")
            .row("fix", "drop it\nor spell it right")
            .to_string();
        assert_eq!(
            text,
            "unknown key\n  where          a.yaml:1:2\n  fix            drop it\n                 or spell it right\n"
        );
    }
}
