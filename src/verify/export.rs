//! What a file of exchanges is converted to.

use std::io::{self, Write};

use super::import::har;
use crate::base::json::Value;
use crate::recording::{End, Header, Interaction, to_line};

/// A format that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What `--record` writes.
    Recording,
    /// HAR 1.2.
    Har,
}

impl Form {
    /// The start of the file, if it was made from a recording with that `header`.
    pub fn start(self, header: &Header) -> Vec<u8> {
        match self {
            Form::Recording => to_line(header),
            Form::Har => har::log(header).into_bytes(),
        }
    }

    /// An interaction, already redacted, as in the file.
    pub fn interaction(self, interaction: &Interaction) -> Vec<u8> {
        match self {
            Form::Recording => to_line(interaction),
            Form::Har => har::entry(interaction).to_string().into_bytes(),
        }
    }
}

/// Writes a file, an interaction at a time.
#[derive(Debug)]
pub struct Export<W> {
    form: Form,
    output: W,
    /// How many interactions were written.
    pub count: u64,
}

impl<W: Write> Export<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(form: Form, mut output: W, header: &Header) -> io::Result<Export<W>> {
        output.write_all(&form.start(header))?;
        Ok(Export { form, output, count: 0 })
    }

    /// Adds what [`Form::interaction`] gave.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, interaction: &[u8]) -> io::Result<()> {
        if self.form == Form::Har && self.count > 0 {
            self.output.write_all(b",\n")?;
        }
        self.count += 1;
        self.output.write_all(interaction)
    }

    /// Ends the file; `end` is how the run ended that was recorded, `None` if that is not known: then a recording has no end either.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(mut self, end: Option<Value>) -> io::Result<W> {
        match (self.form, end) {
            (Form::Har, _) => self.output.write_all(b"\n]}}\n")?,
            (Form::Recording, Some(end)) => {
                self.output.write_all(&to_line(&End { end, requests: Some(self.count) }))?;
            }
            (Form::Recording, None) => {}
        }
        self.output.flush()?;
        Ok(self.output)
    }
}
