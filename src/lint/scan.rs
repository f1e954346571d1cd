//! Finds the literals of a source file: objects, and texts that contain documents. It reads no program, so that what it does not
//! understand is passed over, and the value of an expression is not known.

use std::ops::Range;

use foldhash::HashSet;

use super::here_document::here_document;
use super::literal::{Entry, HOLE, Kind, Literal, Places};
use super::quoted::Quoted;
use super::syntax::{Syntax, constant};
use crate::base::json::{Number, Value};

/// Deeper than any document of OpenStack, and not too deep for the stack of a thread.
const DEEPEST: usize = 40;

/// A byte is looked at so often at most, on average: an expression is looked through for other literals, and these for more.
/// What is left of a file that needs more, such as one of brackets alone, has no literals.
const LOOKS: usize = 50;

/// The literals of `text`, in order.
pub fn literals(text: &str, syntax: &Syntax) -> Vec<Literal> {
    let mut scan = Scan { text, syntax, found: Vec::new(), failed: HashSet::default(), budget: text.len() * LOOKS };
    scan.all(0..text.len(), 0);
    scan.found
}

struct Scan<'t> {
    text: &'t str,
    syntax: &'t Syntax,
    found: Vec<Literal>,
    /// Braces that begin no object: an expression around them is looked through again.
    failed: HashSet<usize>,
    /// How many bytes may still be looked at as parts of literals.
    budget: usize,
}

/// A value and where what follows it begins.
type Read = Option<(Literal, usize)>;

impl Scan<'_> {
    /// Finds what is in `range`.
    fn all(&mut self, range: Range<usize>, depth: usize) {
        let mut at = range.start;
        while at < range.end {
            at = self.step(at, depth).max(at + 1);
        }
    }

    /// Takes what begins at `at`, and says where to go on.
    fn step(&mut self, at: usize, depth: usize) -> usize {
        let Some(byte) = self.byte(at) else { return at + 1 };
        if let Some(end) = self.comment(at) {
            return end;
        }
        if let Some((literal, end)) = here_document(self.text, at, self.syntax) {
            self.found.extend(literal);
            return end;
        }
        if let Some((literal, end)) = self.quoted(at, true) {
            self.found.extend(literal.filter(|literal| matches!(literal.kind, Kind::Text(..))));
            return end;
        }
        if is_word(byte) {
            let end = self.word_end(at);
            let called = self.syntax.has.python && &self.text[at..end] == "dict";
            return if called { self.kept(end, depth, Scan::call) } else { end };
        }
        match byte {
            b'{' if !self.syntax.has.only_texts => self.kept(at, depth, Scan::map),
            b'\'' if self.syntax.has.lifetimes => self.after_character(at),
            _ => at + 1,
        }
    }

    /// Keeps the literal that `read` finds at `at`; what it saw on the way to nothing is seen again.
    fn kept(&mut self, at: usize, depth: usize, read: fn(&mut Self, usize, usize) -> Read) -> usize {
        let before = self.found.len();
        match read(self, at, depth) {
            Some((literal, end)) => {
                self.found.push(literal);
                end
            }
            None => {
                self.found.truncate(before);
                at + 1
            }
        }
    }

    fn spend(&mut self, bytes: usize) -> Option<()> {
        self.budget = self.budget.saturating_sub(bytes);
        (self.budget > 0).then_some(())
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    fn word_end(&self, at: usize) -> usize {
        at + self.text.as_bytes()[at..].iter().take_while(|byte| is_word(**byte)).count()
    }

    /// The end of the comment that begins at `at`.
    fn comment(&self, at: usize) -> Option<usize> {
        let rest = self.text.as_bytes().get(at..)?;
        let starts = |mark: &&str| rest.starts_with(mark.as_bytes());
        if self.syntax.line_comments.iter().any(starts) {
            // In a shell, `a#b` is a word.
            let is_word_of_shell =
                self.syntax.has.only_texts && at > 0 && !self.text.as_bytes()[at - 1].is_ascii_whitespace();
            return (!is_word_of_shell).then(|| at + memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
        }
        let (open, close) = self.syntax.block_comment?;
        starts(&open).then(|| self.rest(at).find(close).map_or(self.text.len(), |end| at + end + close.len()))
    }

    /// Where something other than blanks and comments begins.
    fn skip(&self, mut at: usize) -> usize {
        loop {
            at +=
                self.text.as_bytes()[at.min(self.text.len())..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            match self.comment(at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// The text at `at`. One that is no document is left unread if only documents are wanted.
    fn quoted(&self, at: usize, only_documents: bool) -> Option<(Option<Literal>, usize)> {
        let first = Quoted::at(self.syntax, self.text, at)?;
        if only_documents && !first.is_document(self.text) {
            return Some((None, first.span.end));
        }
        let (mut text, mut places) = first.decode(self.text);
        let mut span = first.span;
        while let Some(next) = self.following(span.end) {
            let (more, more_places) = next.decode(self.text);
            let all = (0..text.len()).map(|at| places.of(at)).chain((0..more.len()).map(|at| more_places.of(at)));
            places = Places::Each(all.map(|place| u32::try_from(place).unwrap_or(u32::MAX)).collect());
            text += &more;
            span.end = next.span.end;
        }
        Some((Some(Literal { kind: Kind::Text(text, places), span: span.clone() }), span.end))
    }

    /// The text that is one with the one that ends at `at`.
    fn following(&self, at: usize) -> Option<Quoted> {
        let has = self.syntax.has;
        let at = if has.python { self.skip(at) } else { at };
        (has.python || has.only_texts).then(|| Quoted::at(self.syntax, self.text, at)).flatten()
    }

    /// Past `'a'`, or past the quote of a lifetime.
    fn after_character(&self, at: usize) -> usize {
        let rest = self.rest(at + 1);
        let length = rest.chars().next().map_or(0, char::len_utf8);
        let own = if rest.starts_with('\\') { 2 } else { length };
        if rest.get(own..).is_some_and(|rest| rest.starts_with('\'')) { at + 1 + own + 1 } else { at + 1 }
    }

    /// `dict(name=1)`, from the parenthesis on.
    fn call(&mut self, at: usize, depth: usize) -> Read {
        if self.byte(at)? != b'(' {
            return None;
        }
        self.fields(at, b')', depth)
    }

    /// An object, from its brace on.
    fn map(&mut self, at: usize, depth: usize) -> Read {
        if self.failed.contains(&at) {
            return None;
        }
        // What begins with anything but a field is a block.
        let first = self.skip(at + 1);
        let begins = self.spreads(first) || self.key(first, b'}').is_some();
        let read = if begins { self.fields(at, b'}', depth) } else { None };
        if read.is_none() {
            self.failed.insert(at);
        }
        read
    }

    fn fields(&mut self, start: usize, close: u8, depth: usize) -> Read {
        let (mut entries, mut is_open) = (Vec::new(), false);
        let mut at = self.skip(start + 1);
        while self.byte(at)? != close {
            let (field, next) = self.field(at, close, depth + 1)?;
            is_open |= field.is_none();
            entries.extend(field);
            at = self.skip(next);
            match self.byte(at)? {
                b',' => at = self.skip(at + 1),
                byte if byte == close => {}
                _ => return None,
            }
        }
        let is_empty = entries.is_empty() && !is_open;
        (!is_empty).then_some((Literal { kind: Kind::Map { entries, is_open }, span: start..at + 1 }, at + 1))
    }

    fn spreads(&self, at: usize) -> bool {
        self.rest(at).starts_with("...") || self.rest(at).starts_with("**")
    }

    /// A field, or nothing if its name is not known, and where what follows begins.
    fn field(&mut self, at: usize, close: u8, depth: usize) -> Option<(Option<Entry>, usize)> {
        if depth > DEEPEST {
            return None;
        }
        let Some((key, key_span, at)) = self.key(at, close) else {
            return Some((None, self.expression(at, close, depth)?));
        };
        let at = self.skip(at);
        let (value, end) = self.value(at, close, depth)?;
        let is_known = !key.contains(HOLE);
        Some((is_known.then_some(Entry { key, key_span, value }), end))
    }

    /// A name with what separates it from its value, and where that begins.
    fn key(&self, at: usize, close: u8) -> Option<(String, Range<usize>, usize)> {
        let separators: &[&str] = if close == b')' { &["="] } else { self.syntax.separators };
        let (key, span, separators) = if let Some((literal, end)) = self.quoted(at, false) {
            let Kind::Text(text, _) = literal?.kind else { return None };
            (text, at..end, separators)
        } else if self.syntax.has.symbols && self.byte(at) == Some(b':') {
            let end = self.word_end(at + 1);
            (self.text[at + 1..end].to_owned(), at..end, &separators[..1])
        } else if self.syntax.bare_names || close == b')' {
            let end = self.word_end(at);
            (self.text[at..end].to_owned(), at..end, separators)
        } else {
            return None;
        };
        let next = self.skip(span.end);
        let separator = separators.iter().find(|separator| self.rest(next).starts_with(**separator))?;
        // `a == b`, `a::b`
        let after = next + separator.len();
        let is_other = self.rest(after).starts_with(separator.chars().last()?) || key.is_empty() && span.len() < 2;
        (!is_other).then_some((key, span, after))
    }

    /// The value at `at`: not known unless what follows it ends the field.
    fn value(&mut self, at: usize, close: u8, depth: usize) -> Read {
        self.spend(1)?;
        let before = self.found.len();
        if let Some((literal, end)) = self.primary(at, depth) {
            let next = self.skip(end);
            if self.byte(next) == Some(b',') || self.byte(next) == Some(close) {
                return Some((literal, end));
            }
        }
        self.found.truncate(before);
        let end = self.expression(at, close, depth)?;
        Some((Literal { kind: Kind::Unknown, span: at..end }, end))
    }

    fn primary(&mut self, at: usize, depth: usize) -> Read {
        if let Some((literal, end)) = self.quoted(at, false) {
            return literal.map(|literal| (literal, end));
        }
        let start = if self.syntax.has.typed { self.after_type(at) } else { at };
        match self.byte(start)? {
            b'{' => self.map(start, depth).or_else(|| self.empty(start)).or_else(|| self.elided_list(start, depth)),
            b'[' if !self.syntax.has.typed => self.list(start, b']', depth),
            byte if byte.is_ascii_digit() || byte == b'-' => self.number(start),
            byte if is_word(byte) => {
                let end = self.word_end(start);
                match &self.text[start..end] {
                    "dict" if self.syntax.has.python => self.call(end, depth),
                    word => constant(word).map(|value| (Literal { kind: Kind::Scalar(value), span: start..end }, end)),
                }
            }
            _ => None,
        }
    }

    /// `{}`
    fn empty(&self, at: usize) -> Read {
        let end = self.skip(at + 1);
        let kind = Kind::Map { entries: Vec::new(), is_open: false };
        (self.byte(end) == Some(b'}')).then(|| (Literal { kind, span: at..end + 1 }, end + 1))
    }

    /// `{…}` after `[]string`, in a language whose lists look so.
    fn elided_list(&mut self, at: usize, depth: usize) -> Read {
        if self.syntax.has.typed { self.list(at, b'}', depth) } else { None }
    }

    fn list(&mut self, start: usize, close: u8, depth: usize) -> Read {
        let (mut items, mut is_open) = (Vec::new(), false);
        if depth > DEEPEST {
            return None;
        }
        let mut at = self.skip(start + 1);
        while self.byte(at)? != close {
            is_open |= self.rest(at).starts_with("...") || self.rest(at).starts_with('*');
            let (item, end) = self.value(at, close, depth + 1)?;
            items.push(item);
            at = self.skip(end);
            if self.byte(at)? == b',' {
                at = self.skip(at + 1);
            }
        }
        // `[x for x in all]` is one item to look at, and any number of them.
        is_open |= matches!(items.as_slice(), [Literal { kind: Kind::Unknown, .. }]);
        Some((Literal { kind: Kind::List { items, is_open }, span: start..at + 1 }, at + 1))
    }

    fn number(&self, at: usize) -> Read {
        let length =
            self.rest(at).bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-._".contains(byte)).count();
        let number: Number = crate::base::json::from_str(&self.text[at..at + length].replace('_', ""))
            .ok()
            .and_then(|value: Value| value.as_number().cloned())?;
        Some((Literal { kind: Kind::Scalar(Value::Number(number)), span: at..at + length }, at + length))
    }

    /// Past the type of a literal: `map[string]any`, `[]map[string]interface{}`, `*Server`.
    fn after_type(&self, start: usize) -> usize {
        let mut at = start;
        loop {
            let rest = self.rest(at);
            let length = match rest.as_bytes().first() {
                Some(b'[') => rest.find(']').map_or(0, |end| end + 1),
                Some(b'*' | b'&' | b'.') => 1,
                _ if rest.starts_with("interface{}") => "interface{}".len(),
                Some(byte) if is_word(*byte) && at > start || rest.starts_with("map[") => self.word_end(at) - at,
                _ => 0,
            };
            if length == 0 || at - start > 100 {
                return if self.byte(at) == Some(b'{') { at } else { start };
            }
            at += length;
        }
    }

    /// Where the expression at `at` ends; the literals in it are found, too.
    fn expression(&mut self, start: usize, close: u8, depth: usize) -> Option<usize> {
        let mut at = start;
        let mut open: u32 = 0;
        loop {
            if let Some(end) = self.comment(at) {
                at = end;
                continue;
            }
            if let Some(quoted) = Quoted::at(self.syntax, self.text, at) {
                at = quoted.span.end;
                continue;
            }
            let Some(byte) = self.byte(at) else {
                self.spend(at - start);
                return None;
            };
            match byte {
                b',' if open == 0 => break,
                byte if open == 0 && byte == close => break,
                b'(' | b'[' | b'{' => open += 1,
                b')' | b']' | b'}' if open == 0 => {
                    self.spend(at - start);
                    return None;
                }
                b')' | b']' | b'}' => open -= 1,
                byte if is_word(byte) => at = self.word_end(at) - 1,
                b'\'' if self.syntax.has.lifetimes => at = self.after_character(at) - 1,
                _ => {}
            }
            at += 1;
        }
        self.spend(at - start)?;
        if depth < DEEPEST {
            self.all(start..at, depth + 1);
        }
        Some(at)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
