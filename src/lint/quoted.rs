//! Texts in quotes, read as the program would have them.

use std::ops::Range;

use super::literal::{HOLE, Places};
use super::syntax::{Quote, Syntax};

/// A text and where it stands, with its quotes.
#[derive(Debug)]
pub struct Quoted {
    /// From the first quote, or the letters before it, to the one after the last.
    pub span: Range<usize>,
    content: Range<usize>,
    escapes: bool,
    hole: Option<&'static str>,
    is_format: bool,
}

impl Quoted {
    /// The text that begins at `at`, if one does.
    pub fn at(syntax: &Syntax, text: &str, at: usize) -> Option<Quoted> {
        let letters = if syntax.has.python { prefix(text.get(at..)?) } else { "" };
        let start = at + letters.len();
        let rest = text.get(start..)?;
        let quote = syntax.quotes.iter().find(|quote| rest.starts_with(quote.open))?;
        let is_raw = letters.contains(['r', 'R']);
        let open = start + quote.open.len();
        let close = end(quote, text, open)?;
        Some(Quoted {
            span: at..close + quote.close.len(),
            content: open..close,
            escapes: quote.escapes && !is_raw,
            hole: if letters.contains(['f', 'F']) { Some("{") } else { quote.hole },
            is_format: !syntax.has.plain_percent,
        })
    }

    /// Does it look like a document inside a text?
    pub fn is_document(&self, text: &str) -> bool {
        let content = &text[self.content.clone()];
        let start = content.trim_start_matches(|c: char| c.is_whitespace() || c == '\\' || c == 'n');
        content.len() > 6 && start.starts_with(['{', '['])
    }

    /// Its text and where each byte of it is.
    pub fn decode(&self, text: &str) -> (String, Places) {
        let content = &text[self.content.clone()];
        let is_plain = (!self.escapes || !content.contains('\\'))
            && self.hole.is_none_or(|hole| !content.contains(hole))
            && (!self.is_format || !content.contains('%'));
        if is_plain {
            return (content.to_owned(), Places::From(self.content.start));
        }
        let mut out = Decoded { text: String::new(), places: Vec::new() };
        let mut at = 0;
        while let Some(next) = content[at..].chars().next() {
            let place = self.content.start + at;
            let (read, length) = self.piece(&content[at..], next);
            out.push(read, place);
            at += length.max(1);
        }
        (out.text, Places::Each(out.places))
    }

    /// The first character of `rest` as the program has it, and how many bytes spell it.
    fn piece(&self, rest: &str, next: char) -> (Option<char>, usize) {
        if self.escapes && next == '\\' {
            return escaped(rest);
        }
        if let Some(hole) = self.hole.filter(|hole| rest.starts_with(hole)) {
            // A brace that is doubled is a brace.
            return if hole == "{" && rest.starts_with("{{") { (Some('{'), 2) } else { (Some(HOLE), inserted(rest)) };
        }
        if self.hole == Some("{") && rest.starts_with("}}") {
            return (Some('}'), 2);
        }
        match self.is_format.then(|| format_hole(rest)).flatten() {
            Some(length) => (Some(HOLE), length),
            None => (Some(next), next.len_utf8()),
        }
    }
}

/// What is in `content`, where `hole` begins what the program puts in.
pub fn text_with_holes(text: &str, content: Range<usize>, hole: Option<&'static str>) -> (String, Places) {
    Quoted { span: content.clone(), content, escapes: false, hole, is_format: true }.decode(text)
}

struct Decoded {
    text: String,
    places: Vec<u32>,
}

impl Decoded {
    fn push(&mut self, read: Option<char>, place: usize) {
        let Some(read) = read else { return };
        self.text.push(read);
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.places.extend(std::iter::repeat_n(place, read.len_utf8()));
    }
}

/// The letters before a quote that change its meaning in Python.
fn prefix(rest: &str) -> &str {
    let end = rest.bytes().take(3).take_while(|byte| b"rRbBuUfF".contains(byte)).count();
    if end > 0 && rest[end..].starts_with(['"', '\'']) { &rest[..end] } else { "" }
}

/// Where the text that begins at `at` ends; a short one ends on its line or is none.
fn end(quote: &Quote, text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let close = quote.close.as_bytes();
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'\\' if quote.escapes => at += 2,
            b'\n' if !quote.is_long => return None,
            _ if bytes[at..].starts_with(close) => return Some(at),
            b'$' | b'#' if quote.hole.is_some() => at += inserted(&text[at..]).max(1),
            _ => at += 1,
        }
        // A backslash before a letter of several bytes.
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// The length of `{…}`, `${…}`, `#{…}`, `$(…)` or `$name`; 0 if `rest` begins with none of them.
fn inserted(rest: &str) -> usize {
    let sigil = usize::from(rest.starts_with(['$', '#']));
    let close = match rest.as_bytes().get(sigil) {
        Some(b'{') => b'}',
        Some(b'(') if rest.starts_with('$') => b')',
        _ if rest.starts_with('$') => {
            let name = rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            return 1 + name;
        }
        _ => return 0,
    };
    let open = rest.as_bytes()[sigil];
    let mut depth = 0u32;
    for (at, byte) in rest.bytes().enumerate().skip(sigil) {
        depth = match byte {
            byte if byte == open => depth + 1,
            byte if byte == close => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return at + 1;
        }
    }
    0
}

/// What a backslash and what follows it stand for; nothing for a line that goes on.
fn escaped(rest: &str) -> (Option<char>, usize) {
    let Some(next) = rest[1..].chars().next() else { return (Some('\\'), 1) };
    let code = |digits: Range<usize>| {
        let number = rest.get(digits.clone()).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (number.and_then(char::from_u32).or(Some(HOLE)), digits.end)
    };
    match next {
        'n' => (Some('\n'), 2),
        't' => (Some('\t'), 2),
        'r' => (Some('\r'), 2),
        'u' if !rest[2..].starts_with('{') => code(2..6),
        'x' => code(2..4),
        '\n' => (None, 2),
        next => (Some(next), 1 + next.len_utf8()),
    }
}

/// The length of `%s`, `%-5d`, `%[1]q` or `%(name)s`.
fn format_hole(rest: &str) -> Option<usize> {
    let rest = rest.strip_prefix('%')?;
    let named = rest.starts_with('(').then(|| rest.find(')').map(|end| end + 1)).flatten().unwrap_or(0);
    let flags = rest[named..].bytes().take_while(|byte| b"+-#0123456789.[]".contains(byte)).count();
    let verb = rest.as_bytes().get(named + flags)?;
    verb.is_ascii_alphabetic().then_some(1 + named + flags + 1)
}
