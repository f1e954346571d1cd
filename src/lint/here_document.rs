//! `<<END … END` of shells and Ruby.

use super::literal::{Kind, Literal};
use super::quoted::text_with_holes;
use super::syntax::Syntax;

/// The text that `<<END` at `at` begins, if it is a document, and where its body ends. What follows `<<END` on its line is left out.
pub fn here_document(text: &str, at: usize, syntax: &Syntax) -> Option<(Option<Literal>, usize)> {
    if !syntax.has.here_documents {
        return None;
    }
    let rest = text.get(at..)?.strip_prefix("<<")?;
    let rest = rest.strip_prefix(['-', '~']).unwrap_or(rest);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let quote = rest.chars().next().filter(|first| ['\'', '"'].contains(first));
    let word = rest.strip_prefix(['\'', '"']).unwrap_or(rest);
    let word = &word[..word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()];
    // `a << b` of Ruby is no document: their words are in capitals.
    if word.is_empty() || word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let start = at + text[at..].find('\n')? + 1;
    let mut end = start;
    let lines = text[start..].split_inclusive('\n');
    for line in lines.take_while(|line| line.trim() != word) {
        end += line.len();
    }
    let body = &text[start..end];
    let is_document = body.trim_start().starts_with(['{', '[']);
    let literal = is_document.then(|| {
        let hole = syntax.quotes.iter().find_map(|own| own.hole).filter(|_| quote != Some('\''));
        let (read, places) = text_with_holes(text, start..end, hole);
        Literal { kind: Kind::Text(read, places), span: start..end }
    });
    Some((literal, end))
}
