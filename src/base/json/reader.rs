//! Python's grammar of JSON. Errors use the messages of serde_json.

use std::borrow::Cow;

use super::Error;
use super::error::Flaw;
use super::surrogate::stand_in;

/// How deep brackets may go. Python stops where its stack is a thousand calls deep; ours holds less in a program that was built to be
/// debugged.
pub const DEEPEST: usize = 256;

/// How many digits of an integer Python reads.
const MOST_DIGITS: usize = 4300;

/// What is left of a text.
pub(super) struct Reader<'t> {
    text: &'t str,
    /// How many bytes were read.
    at: usize,
    depth: usize,
    deepest: usize,
}

/// `error`, which came up at the end of `read`.
pub(super) fn placed(error: Error, read: &[u8]) -> Error {
    if error.line != 0 {
        return error;
    }
    let start = read.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = 1 + read[..start].iter().filter(|byte| **byte == b'\n').count();
    Error { line, column: read.len() - start, ..error }
}

/// The bytes that end a run of characters that stand for themselves.
fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | ..0x20)
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str, deepest: usize) -> Reader<'t> {
        Reader { text, at: 0, depth: 0, deepest }
    }

    /// The next byte.
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub fn step(&mut self) {
        self.at += 1;
    }

    fn next(&mut self) -> Option<u8> {
        let next = self.peek()?;
        self.step();
        Some(next)
    }

    /// The next byte that is not whitespace.
    pub fn peek_token(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
        self.peek()
    }

    /// An error at what was read last.
    pub fn wrong(&self, flaw: Flaw) -> Error {
        self.placed(flaw.into())
    }

    /// An error at the next byte.
    pub fn wrong_next(&self, flaw: Flaw) -> Error {
        placed(flaw.into(), &self.text.as_bytes()[..self.text.len().min(self.at + 1)])
    }

    /// `error`, which came up here.
    pub fn placed(&self, error: Error) -> Error {
        placed(error, &self.text.as_bytes()[..self.at])
    }

    /// The text ends here.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.peek_token() {
            None => Ok(()),
            Some(_) => Err(self.wrong_next(Flaw::TrailingCharacters)),
        }
    }

    /// Steps over the bracket that opens a list or an object.
    pub fn open(&mut self) -> Result<(), Error> {
        if self.depth == self.deepest {
            return Err(self.wrong_next(Flaw::Depth));
        }
        self.depth += 1;
        self.step();
        Ok(())
    }

    /// Is there another item in the list? `is_first` is true before its first item.
    pub fn has_item(&mut self, is_first: bool) -> Result<bool, Error> {
        match self.peek_token() {
            None => Err(self.wrong_next(Flaw::EndOfList)),
            Some(b']') => Ok(false),
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.step();
                match self.peek_token() {
                    Some(b']') => Err(self.wrong_next(Flaw::TrailingComma)),
                    Some(_) => Ok(true),
                    None => Err(self.wrong_next(Flaw::EndOfValue)),
                }
            }
            Some(_) => Err(self.wrong_next(Flaw::CommaOrBracket)),
        }
    }

    /// Is there another field in the object? As [`Reader::has_item`].
    pub fn has_field(&mut self, is_first: bool) -> Result<bool, Error> {
        match self.peek_token() {
            None => Err(self.wrong_next(Flaw::EndOfObject)),
            Some(b'}') => Ok(false),
            Some(b'"') if is_first => Ok(true),
            Some(_) if is_first => Err(self.wrong_next(Flaw::Key)),
            Some(b',') => {
                self.step();
                match self.peek_token() {
                    Some(b'"') => Ok(true),
                    Some(b'}') => Err(self.wrong_next(Flaw::TrailingComma)),
                    Some(_) => Err(self.wrong_next(Flaw::Key)),
                    None => Err(self.wrong_next(Flaw::EndOfValue)),
                }
            }
            Some(_) => Err(self.wrong_next(Flaw::CommaOrBrace)),
        }
    }

    /// Steps over the closing `bracket` of a list or an object, once everything wanted was read.
    pub fn close(&mut self, bracket: u8) -> Result<(), Error> {
        match self.peek_token() {
            Some(byte) if byte == bracket => {
                self.depth -= 1;
                self.step();
                Ok(())
            }
            Some(_) => Err(self.wrong_next(Flaw::TrailingCharacters)),
            None => Err(self.wrong_next(if bracket == b']' { Flaw::EndOfList } else { Flaw::EndOfObject })),
        }
    }

    /// Steps over the colon after a name.
    pub fn colon(&mut self) -> Result<(), Error> {
        match self.peek_token() {
            Some(b':') => {
                self.step();
                Ok(())
            }
            Some(_) => Err(self.wrong_next(Flaw::Colon)),
            None => Err(self.wrong_next(Flaw::EndOfObject)),
        }
    }

    /// Steps over `word`, whose first letter is the next byte.
    pub fn word(&mut self, word: &str) -> Result<(), Error> {
        self.step();
        for expected in &word.as_bytes()[1..] {
            match self.next() {
                None => return Err(self.wrong(Flaw::EndOfValue)),
                Some(byte) if byte != *expected => return Err(self.wrong(Flaw::Ident)),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// The number that starts here, as it is written.
    pub fn number(&mut self) -> Result<&'t str, Error> {
        let start = self.at;
        match self.peek() {
            Some(b'N') => self.word("NaN")?,
            Some(b'I') => self.word("Infinity")?,
            Some(b'-') => {
                self.step();
                match self.peek() {
                    Some(b'I') => self.word("Infinity")?,
                    _ => self.finite()?,
                }
            }
            _ => self.finite()?,
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step();
        }
        self.at - start
    }

    fn finite(&mut self) -> Result<(), Error> {
        let count = match self.next() {
            None => return Err(self.wrong(Flaw::EndOfValue)),
            Some(b'0') if matches!(self.peek(), Some(b'0'..=b'9')) => return Err(self.wrong_next(Flaw::Number)),
            Some(b'0') => 1,
            Some(b'1'..=b'9') => 1 + self.digits(),
            Some(_) => return Err(self.wrong(Flaw::Number)),
        };
        let is_integer = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if is_integer && count > MOST_DIGITS {
            return Err(self.wrong(Flaw::LongInteger));
        }
        if self.peek() == Some(b'.') {
            self.step();
            if self.digits() == 0 {
                let flaw = if self.peek().is_some() { Flaw::Number } else { Flaw::EndOfValue };
                return Err(self.wrong_next(flaw));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step();
            }
            match self.next() {
                None => return Err(self.wrong(Flaw::EndOfValue)),
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return Err(self.wrong(Flaw::Number)),
            };
        }
        Ok(())
    }

    /// The text whose opening quote is the next byte.
    pub fn string(&mut self) -> Result<Cow<'t, str>, Error> {
        self.step();
        let mut read = String::new();
        loop {
            let run = self.run();
            match self.next() {
                Some(b'"') if read.is_empty() => return Ok(run.into()),
                Some(b'"') => {
                    read.push_str(run);
                    return Ok(read.into());
                }
                Some(b'\\') => {
                    read.push_str(run);
                    read.push(self.escape()?);
                }
                Some(_) => return Err(self.wrong(Flaw::ControlCharacter)),
                None => return Err(self.wrong(Flaw::EndOfString)),
            }
        }
    }

    /// Characters that stand for themselves.
    fn run(&mut self) -> &'t str {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len());
        let run = &self.text[self.at..self.at + length];
        self.at += length;
        run
    }

    /// What the escape spells whose backslash was read.
    fn escape(&mut self) -> Result<char, Error> {
        Ok(match self.next() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(self.wrong(Flaw::Escape)),
            None => return Err(self.wrong(Flaw::EndOfString)),
        })
    }

    /// A half of a surrogate pair takes the other half with it, if that follows.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let first = self.hex()?;
        if let (0xd800..=0xdbff, Some(second)) = (first, self.second_half()) {
            self.at += "\\u0000".len();
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(first).or_else(|| stand_in(first)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// The second half of a pair, if it is escaped here.
    fn second_half(&self) -> Option<u32> {
        let digits = self.text.as_bytes()[self.at..].strip_prefix(b"\\u")?.get(..4)?;
        hex(digits).filter(|code| matches!(code, 0xdc00..=0xdfff))
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let rest = &self.text.as_bytes()[self.at..];
        let Some(digits) = rest.get(..4) else {
            self.at = self.text.len();
            return Err(self.wrong(Flaw::EndOfString));
        };
        self.at += 4;
        hex(digits).ok_or_else(|| self.wrong(Flaw::Escape))
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}
