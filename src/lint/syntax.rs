//! How languages spell texts, objects and comments: a row for each, as far as literals need it.

use crate::base::json::Value;

/// How a language spells literals.
#[derive(Debug)]
pub struct Syntax {
    /// The endings of its files.
    pub endings: &'static [&'static str],
    /// What begins a comment up to the end of the line.
    pub line_comments: &'static [&'static str],
    /// What begins and ends a comment.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// How texts are quoted; of two that fit, the first counts.
    pub quotes: &'static [Quote],
    /// What stands between a name and its value.
    pub separators: &'static [&'static str],
    /// May a name stand without quotes (`name: 1`)? Otherwise such a name is a variable.
    pub bare_names: bool,
    /// What else it has.
    pub has: Extras,
}

/// What only some languages have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Letters before a quote change its meaning, `dict(name=1)` is an object, and texts that follow each other are one.
    pub python: bool,
    /// Literals begin with their type: `map[string]any{…}`.
    pub typed: bool,
    /// `'` may also begin a lifetime or enclose one character.
    pub lifetimes: bool,
    /// `:name` is a value, and `:name =>` a field.
    pub symbols: bool,
    /// `<<END` begins a text that ends with a line `END`.
    pub here_documents: bool,
    /// It has texts and no objects.
    pub only_texts: bool,
    /// `%s` in a text is no place that a program fills in.
    pub plain_percent: bool,
}

/// How a text is quoted.
#[derive(Debug)]
pub struct Quote {
    /// What it begins with.
    pub open: &'static str,
    /// What it ends with.
    pub close: &'static str,
    /// Is a backslash special?
    pub escapes: bool,
    /// May it have line breaks?
    pub is_long: bool,
    /// What begins a value that the program puts in: `${`.
    pub hole: Option<&'static str>,
}

const fn quote(mark: &'static str, escapes: bool, is_long: bool, hole: Option<&'static str>) -> Quote {
    Quote { open: mark, close: mark, escapes, is_long, hole }
}

const NONE: Extras = Extras {
    python: false,
    typed: false,
    lifetimes: false,
    symbols: false,
    here_documents: false,
    only_texts: false,
    plain_percent: false,
};

/// JSON, in files and in texts.
pub const JSON: Syntax = Syntax {
    endings: &["json", "har"],
    line_comments: &[],
    block_comment: None,
    quotes: &[quote("\"", true, true, None)],
    separators: &[":"],
    bare_names: false,
    has: Extras { plain_percent: true, ..NONE },
};

/// The languages whose literals are read.
pub const LANGUAGES: [&Syntax; 7] = [
    &JSON,
    &Syntax {
        endings: &["go"],
        line_comments: &["//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[quote("`", false, true, None), quote("\"", true, false, None), quote("'", true, false, None)],
        separators: &[":"],
        bare_names: false,
        has: Extras { typed: true, ..NONE },
    },
    &Syntax {
        endings: &["py"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[
            quote("\"\"\"", true, true, None),
            quote("'''", true, true, None),
            quote("\"", true, false, None),
            quote("'", true, false, None),
        ],
        separators: &[":"],
        bare_names: false,
        has: Extras { python: true, ..NONE },
    },
    &Syntax {
        endings: &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts"],
        line_comments: &["//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[quote("`", true, true, Some("${")), quote("\"", true, false, None), quote("'", true, false, None)],
        separators: &[":"],
        bare_names: true,
        has: NONE,
    },
    &Syntax {
        endings: &["rb"],
        line_comments: &["#"],
        block_comment: Some(("\n=begin", "\n=end")),
        quotes: &[quote("\"", true, true, Some("#{")), quote("'", true, true, None)],
        separators: &["=>", ":"],
        bare_names: true,
        has: Extras { symbols: true, here_documents: true, ..NONE },
    },
    &Syntax {
        endings: &["rs"],
        line_comments: &["//"],
        block_comment: Some(("/*", "*/")),
        quotes: &[
            Quote { open: "r##\"", close: "\"##", escapes: false, is_long: true, hole: None },
            Quote { open: "r#\"", close: "\"#", escapes: false, is_long: true, hole: None },
            Quote { open: "r\"", close: "\"", escapes: false, is_long: true, hole: None },
            quote("\"", true, true, None),
        ],
        separators: &[":"],
        bare_names: false,
        has: Extras { lifetimes: true, ..NONE },
    },
    &Syntax {
        endings: &["sh", "bash", "bats"],
        line_comments: &["#"],
        block_comment: None,
        quotes: &[quote("'", false, true, None), quote("\"", true, true, Some("$"))],
        separators: &[],
        bare_names: false,
        has: Extras { here_documents: true, only_texts: true, ..NONE },
    },
];

/// The endings of YAML, which has a reader of its own.
pub const YAML: [&str; 2] = ["yaml", "yml"];

/// The language of files with that ending.
pub fn language(ending: &str) -> Option<&'static Syntax> {
    LANGUAGES.into_iter().find(|syntax| syntax.endings.contains(&ending))
}

/// The constants of all languages: none has one of another's by another meaning.
pub fn constant(word: &str) -> Option<Value> {
    match word {
        "true" | "True" => Some(Value::Bool(true)),
        "false" | "False" => Some(Value::Bool(false)),
        "null" | "None" | "nil" | "undefined" => Some(Value::Null),
        _ => None,
    }
}
