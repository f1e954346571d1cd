//! The secrets of one exchange, looked for in whatever is written down of it: as they are, and as base64, hexadecimal digits,
//! percent-encoded, or as Python and JSON print them.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Kind;
use super::escapes::Unescaped;
use super::kind::Found;
use crate::base::json::Value;
use crate::base::python_repr;

/// So much of a form is looked for; what follows is compared, so that a quote that was cut is found too.
const STEM: usize = 12;

/// The secrets of an exchange in all their forms.
#[derive(Debug, Default)]
pub struct Values(Vec<Arc<Forms>>);

/// Secrets in all their forms.
#[derive(Debug, Default)]
struct Forms {
    /// In the order of their bytes.
    forms: Vec<(String, Kind)>,
    /// The forms that start alike, in the same order.
    stems: Vec<Range<usize>>,
    search: Option<Search>,
}

/// Searches for stems.
#[derive(Debug)]
enum Search {
    /// For few. It is made at once, as most secrets are those of one exchange.
    Few(Box<Blocks>),
    /// For any number of them.
    Many(AhoCorasick),
}

/// The blocks of a few bytes that stems consist of, as bits that few other blocks share. Where a text has another one, no stem lies
/// across it: most of a text is skipped, as Wu and Manber do ("A fast algorithm for multi-pattern searching", 1994).
#[derive(Debug)]
struct Blocks {
    bits: [u64; Blocks::BITS / 64],
    /// So many bytes are a block.
    width: usize,
    /// So long is the shortest stem.
    shortest: usize,
}

impl Blocks {
    const WIDEST: usize = 4;
    const BITS: usize = 4096;

    /// Those of `stems`, of which each has at least two bytes.
    fn of<'s>(stems: impl Iterator<Item = &'s [u8]> + Clone) -> Blocks {
        let shortest = stems.clone().map(<[u8]>::len).min().unwrap_or_default();
        let width = shortest.min(Blocks::WIDEST);
        let mut all = Blocks { bits: [0; Blocks::BITS / 64], width, shortest };
        for block in stems.flat_map(|stem| stem[..shortest].windows(width)) {
            let bit = Blocks::bit(block);
            all.bits[bit / 64] |= 1 << (bit % 64);
        }
        all
    }

    fn bit(block: &[u8]) -> usize {
        let number = match <[u8; Blocks::WIDEST]>::try_from(block) {
            Ok(bytes) => u32::from_le_bytes(bytes),
            Err(_) => block.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)),
        };
        // 2^32 divided by the golden ratio, after Knuth: the upper bits are spread best.
        (number.wrapping_mul(0x9E37_79B9) >> (32 - Blocks::BITS.trailing_zeros())) as usize
    }

    /// The places in `text`, from `place` on, at which a stem may start.
    fn places(&self, text: &[u8], mut place: usize) -> impl Iterator<Item = usize> {
        let skip = self.shortest - self.width;
        std::iter::from_fn(move || {
            while let Some(block) = text.get(place + skip..place + self.shortest) {
                let bit = Blocks::bit(block);
                if self.bits[bit / 64] >> (bit % 64) & 1 == 1 {
                    place += 1;
                    return Some(place - 1);
                }
                place += skip + 1;
            }
            None
        })
    }
}

/// Is `secret` so unlike ordinary words that it can be replaced everywhere?
pub fn is_telling(secret: &str) -> bool {
    let kinds: [fn(u8) -> bool; 4] = [
        |byte| byte.is_ascii_lowercase(),
        |byte| byte.is_ascii_uppercase(),
        |byte| byte.is_ascii_digit(),
        |byte| !byte.is_ascii_alphanumeric(),
    ];
    let mixed = kinds.iter().filter(|kind| secret.bytes().any(kind)).count();
    secret.len() >= 16 || (secret.len() >= 8 && mixed >= 2)
}

/// What was prepared last: a client sends the same token again and again.
#[derive(Debug, Default)]
pub struct Prepared(VecDeque<(String, Kind, Arc<Forms>)>);

impl Prepared {
    /// The forms of `secrets`. Few of them are looked for one by one, each prepared once; of many only all together cost no more for
    /// each text.
    pub fn values(&mut self, secrets: &[(String, Kind)]) -> Values {
        const FEW: usize = 4;
        match secrets.len() {
            0 => Values::default(),
            1..=FEW => Values(secrets.iter().map(|(secret, kind)| self.forms(secret, *kind)).collect()),
            _ => Values::new(secrets.iter().map(|(secret, kind)| (secret.as_str(), *kind))),
        }
    }

    fn forms(&mut self, secret: &str, kind: Kind) -> Arc<Forms> {
        const KEPT: usize = 16;
        let is_it = |(own, of, _): &(String, Kind, Arc<Forms>)| own == secret && *of == kind;
        let last = match self.0.iter().position(is_it).and_then(|place| self.0.remove(place)) {
            Some(last) => last,
            None => (secret.to_owned(), kind, Arc::new(Forms::new([(secret, kind)].into_iter()))),
        };
        self.0.truncate(KEPT - 1);
        let forms = Arc::clone(&last.2);
        self.0.push_front(last);
        forms
    }
}

impl Values {
    /// The forms of `secrets`, each with its kind, all together.
    pub fn new<'s>(secrets: impl Iterator<Item = (&'s str, Kind)>) -> Values {
        Values(vec![Arc::new(Forms::new(secrets))])
    }

    /// Their places in `text`, as written and as its escapes spell it: a client may escape any letters.
    pub fn find(&self, text: &str, found: &mut Vec<Found>) {
        if self.0.is_empty() {
            return;
        }
        self.0.iter().for_each(|forms| forms.find(text, found));
        if let Some(plain) = Unescaped::new(text) {
            let mut spelt = Vec::new();
            self.0.iter().for_each(|forms| forms.find(&plain.text, &mut spelt));
            found.extend(spelt.into_iter().map(|(range, kind)| (plain.place(&range), kind)));
        }
    }

    /// Does any form of any of them start in `text`? If none does, none is in any part of it.
    pub fn start_in(&self, text: &str) -> bool {
        let starts = |forms: &Forms| forms.search.as_ref().and_then(|search| forms.next(search, text, 0)).is_some();
        self.0.iter().any(|forms| starts(forms))
    }
}

impl Forms {
    fn new<'s>(secrets: impl Iterator<Item = (&'s str, Kind)>) -> Forms {
        let mut forms = Vec::new();
        secrets.for_each(|(secret, kind)| forms_of(secret, kind, &mut forms));
        forms.sort_unstable();
        forms.dedup_by(|a, b| a.0 == b.0);
        let mut stems: Vec<Range<usize>> = Vec::new();
        for place in 0..forms.len() {
            match stems.last_mut() {
                Some(last) if stem(&forms[last.start].0) == stem(&forms[place].0) => last.end = place + 1,
                _ => stems.push(place..place + 1),
            }
        }
        let mut all = Forms { forms, stems, search: None };
        all.search = all.search();
        all
    }

    fn search(&self) -> Option<Search> {
        const FEW: usize = 48;
        let stems = || self.stems.iter().map(|own| stem(&self.forms[own.start].0));
        match self.stems.len() {
            0 => None,
            1..=FEW if stems().all(|stem| stem.len() > 1) => Some(Search::Few(Box::new(Blocks::of(stems())))),
            _ => {
                // The kind that is built the fastest: few texts are searched before it is thrown away.
                let many = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .kind(Some(AhoCorasickKind::NoncontiguousNFA))
                    .prefilter(false)
                    .build(stems());
                many.ok().map(Search::Many)
            }
        }
    }

    /// The first stem that `text` has from `place` on, the longest of those that start there: where, and its number.
    fn next(&self, search: &Search, text: &str, place: usize) -> Option<(Range<usize>, usize)> {
        let blocks = match search {
            Search::Few(blocks) => blocks,
            Search::Many(many) => {
                let hit = many.find(Input::new(text).range(place..))?;
                return Some((hit.range(), hit.pattern().as_usize()));
            }
        };
        blocks.places(text.as_bytes(), place).find_map(|at| {
            let rest = &text.as_bytes()[at..];
            let fits = |own: &Range<usize>| rest.starts_with(stem(&self.forms[own.start].0));
            // Of two that fit the longer one comes later.
            let number = self.stems.iter().rposition(fits)?;
            Some((at..at + stem(&self.forms[self.stems[number].start].0).len(), number))
        })
    }

    fn find(&self, text: &str, found: &mut Vec<Found>) {
        let Some(search) = &self.search else { return };
        let mut place = 0;
        while let Some((hit, stem)) = self.next(search, text, place) {
            let rest = &text.as_bytes()[hit.start..];
            let same = |form: &str| form.bytes().zip(rest).take_while(|(own, other)| own == *other).count();
            // Of many that start alike the first ones will do: what a long one shares with others is most of a secret already.
            const MOST: usize = 64;
            let longest = self.forms[self.stems[stem].clone()].iter().take(MOST);
            let Some((length, kind)) = longest.map(|(form, kind)| (same(form), *kind)).max() else { break };
            let end = (hit.start + length..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            let own = hit.start..end;
            if is_telling(&text[own.clone()]) || is_quoted(text, &own) {
                place = end;
                found.push((own, kind));
            } else {
                place = hit.end;
            }
        }
    }
}

/// What of a form is looked for.
fn stem(form: &str) -> &[u8] {
    &form.as_bytes()[..form.len().min(STEM)]
}

/// Is the word a value that a service quotes? A short one is as well an ordinary word elsewhere.
fn is_quoted(text: &str, word: &Range<usize>) -> bool {
    let (before, after) = (&text[..word.start], &text[word.end..]);
    let in_quotes = ['\'', '"'].iter().any(|quote| before.ends_with(*quote) && after.starts_with([*quote, '\\']));
    let is_value = before.ends_with("Value: ") && after.starts_with(". ");
    let is_number = text[word.clone()].bytes().all(|byte| byte.is_ascii_digit());
    let starts = before.is_empty() || before.ends_with(": ") || before.ends_with(". ");
    in_quotes || is_value || (is_number && starts && !after.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn forms_of(secret: &str, kind: Kind, forms: &mut Vec<(String, Kind)>) {
    if !is_telling(secret) {
        if !secret.is_empty() {
            forms.push((secret.to_owned(), kind));
        }
        return;
    }
    let mut add = |form: String| {
        if form.len() >= 8 {
            forms.push((form, kind));
        }
    };
    let inner = |quoted: &str| quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned();
    add(secret.to_owned());
    // Letters and digits are printed as they are.
    if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        add(inner(&python_repr(&Value::from(secret))));
        add(inner(&Value::from(secret).to_string()));
        add(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
    }
    let escapes = secret.bytes().map(percent_encoding::percent_encode_byte);
    let hex: String = escapes.clone().map(|escape| &escape[1..]).collect();
    add(escapes.collect());
    add(hex.to_ascii_lowercase());
    add(hex);
    // Which of the three forms it has in base64 depends on what stands before it; the first and last digits also hold
    // bits of the neighbours.
    for skip in 0..3 {
        let bytes: Vec<u8> = std::iter::repeat_n(0, skip).chain(secret.bytes()).collect();
        let digits = STANDARD_NO_PAD.encode(&bytes);
        let first = [0, 2, 3][skip];
        let last = digits.len() - usize::from(!bytes.len().is_multiple_of(3));
        let own = digits.get(first..last).unwrap_or_default();
        if own.contains(['+', '/']) {
            add(own.replace('+', "-").replace('/', "_"));
        }
        add(own.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::redact::shape::merged;

    proptest::proptest! {
        /// What is skipped holds no stem.
        #[test]
        fn no_stem_is_skipped(
            stems in proptest::collection::vec("[abé1]{2,12}", 1..6),
            text in "[abé1 ]{0,60}",
            from in 0_usize..8,
        ) {
            let places: Vec<usize> =
                Blocks::of(stems.iter().map(String::as_bytes)).places(text.as_bytes(), from).collect();
            for place in from..text.len() {
                let starts = stems.iter().any(|stem| text.as_bytes()[place..].starts_with(stem.as_bytes()));
                proptest::prop_assert!(!starts || places.contains(&place), "{place}");
            }
        }
    }

    #[test]
    fn a_secret_is_found_in_every_form_and_cut() {
        let secret = "Sw0rd'f\"ish+/2é";
        let values = Values::new([(secret, Kind::Password)].into_iter());
        let base64 = |before: &str| STANDARD_NO_PAD.encode(format!("{before}{secret}~~~"));
        for text in [
            format!("x{secret}y"),
            format!("{:?}", secret),
            python_repr(&Value::from(secret)),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            utf8_percent_encode(secret, percent_encoding::CONTROLS).to_string(),
            secret.replace('/', "%2f"),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
            base64(""),
            base64("a"),
            base64("ab"),
            secret[..13].to_owned(),
        ] {
            let mut found = Vec::new();
            values.find(&text, &mut found);
            assert_eq!(merged(found).len(), 1, "{text}");
        }
    }
}
