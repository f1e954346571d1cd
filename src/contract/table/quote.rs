//! The lines of the embedded contracts, as they were written.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use crate::base::Place;

/// The texts of the files by name; nothing if they are damaged, which every other reader of them would tell.
static TEXTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut all = String::new();
    let mut packed =
        flate2::read::DeflateDecoder::new(&include_bytes!(concat!(env!("OUT_DIR"), "/contracts.txt.z"))[..]);
    match packed.read_to_string(&mut all) {
        Ok(_) => texts(&all).collect(),
        Err(_) => BTreeMap::new(),
    }
});

/// The files, each after a line with its name and its length.
fn texts(mut all: &str) -> impl Iterator<Item = (String, String)> {
    std::iter::from_fn(move || {
        let (head, rest) = all.split_once('\n')?;
        let (name, length) = head.rsplit_once(' ')?;
        let (text, rest) = rest.split_at_checked(length.parse().ok()?)?;
        all = rest;
        Some((name.to_owned(), text.to_owned()))
    })
}

/// The line at `place` of an embedded contract, with up to `around` lines before and after it, each with its number; none of
/// another file.
pub fn quote(place: &Place, around: u32) -> Vec<(u32, &'static str)> {
    let lines = TEXTS.get(place.file.as_ref()).map_or("", String::as_str).lines();
    let (first, last) = (place.line.saturating_sub(around).max(1), place.line + around);
    (1..).zip(lines).filter(|(number, _)| (first..=last).contains(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_quoted_with_its_neighbours() {
        let text = include_str!("../../../contracts/releases.yaml");
        let place = |file: &str, line| Place { file: file.into(), line, column: 1 };
        let expected: Vec<(u32, &str)> = (1..).zip(text.lines()).take(3).collect();
        assert_eq!(quote(&place("contracts/releases.yaml", 1), 2), expected);
        assert_eq!(quote(&place("contracts/releases.yaml", 99_999), 2), []);
        assert_eq!(quote(&place("own/releases.yaml", 1), 2), []);
    }
}
