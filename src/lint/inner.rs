//! Documents inside texts.

use std::ops::Range;

use super::literal::{Kind, Literal, Places};
use super::scan::literals;
use super::syntax::JSON;

/// The documents inside a text, in terms of its file.
pub fn documents(text: &str, places: &Places) -> Vec<Literal> {
    let mut found = literals(text, &JSON);
    found.iter_mut().for_each(|literal| moved(literal, places));
    found
}

fn moved(literal: &mut Literal, places: &Places) {
    let place = |span: &Range<usize>| places.of(span.start)..places.of(span.end.saturating_sub(1)) + 1;
    literal.span = place(&literal.span);
    match &mut literal.kind {
        Kind::Map { entries, .. } => entries.iter_mut().for_each(|entry| {
            entry.key_span = place(&entry.key_span);
            moved(&mut entry.value, places);
        }),
        Kind::List { items, .. } => items.iter_mut().for_each(|item| moved(item, places)),
        Kind::Text(_, own) => *own = Places::At(literal.span.start),
        Kind::Unknown | Kind::Scalar(_) => {}
    }
}
