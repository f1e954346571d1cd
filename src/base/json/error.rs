//! Why a text is not JSON, or not the JSON that was expected.

use std::fmt;

/// What is wrong with a text, in the words of serde_json, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(super) flaw: Flaw,
    /// From 1; 0 if it is not known yet.
    pub(super) line: usize,
    /// How many bytes of the line were read.
    pub(super) column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    EndOfList,
    EndOfObject,
    EndOfString,
    EndOfValue,
    Colon,
    CommaOrBracket,
    CommaOrBrace,
    Ident,
    Value,
    Escape,
    Number,
    /// Python's limit: `sys.int_info.default_max_str_digits`.
    LongInteger,
    ControlCharacter,
    Unicode,
    Key,
    TrailingComma,
    TrailingCharacters,
    Depth,
    /// The text is JSON, but not what was expected.
    Other(String),
}

/// The message for a text that is nested too deeply.
pub const TOO_DEEP: &str = "recursion limit exceeded";

impl Error {
    /// Is the text nested too deeply?
    pub fn is_too_deep(&self) -> bool {
        self.flaw == Flaw::Depth
    }

    /// Where it is, from 1, and how many bytes of that line were read.
    pub fn place(&self) -> (usize, usize) {
        (self.line, self.column)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::EndOfList => "EOF while parsing a list",
            Flaw::EndOfObject => "EOF while parsing an object",
            Flaw::EndOfString => "EOF while parsing a string",
            Flaw::EndOfValue => "EOF while parsing a value",
            Flaw::Colon => "expected `:`",
            Flaw::CommaOrBracket => "expected `,` or `]`",
            Flaw::CommaOrBrace => "expected `,` or `}`",
            Flaw::Ident => "expected ident",
            Flaw::Value => "expected value",
            Flaw::Escape => "invalid escape",
            Flaw::Number => "invalid number",
            Flaw::LongInteger => "integer of more than 4300 digits",
            Flaw::ControlCharacter => "control character (\\u0000-\\u001F) found while parsing a string",
            Flaw::Unicode => "invalid unicode code point",
            Flaw::Key => "key must be a string",
            Flaw::TrailingComma => "trailing comma",
            Flaw::TrailingCharacters => "trailing characters",
            Flaw::Depth => TOO_DEEP,
            Flaw::Other(text) => text,
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => self.flaw.fmt(f),
            line => write!(f, "{} at line {line} column {}", self.flaw, self.column),
        }
    }
}

impl std::error::Error for Error {}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Error {
        Error { flaw, line: 0, column: 0 }
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Error {
        Flaw::Other(text.to_string()).into()
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Error {
        Flaw::Other(text.to_string()).into()
    }
}
