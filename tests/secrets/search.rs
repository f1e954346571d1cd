//! Looks for secrets in whatever was left, in every way in which they could be read out of it.

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Shorter pieces come up by chance.
const SHORTEST: usize = 8;

/// All forms of many secrets.
pub struct Search(AhoCorasick);

impl Search {
    /// The forms of `secrets`.
    pub fn new(secrets: &[String]) -> Search {
        let mut forms: Vec<String> = secrets.iter().flat_map(|secret| forms(secret)).collect();
        forms.sort();
        forms.dedup();
        Search(AhoCorasick::new(forms).unwrap())
    }

    /// What stands there, with what stands before.
    pub fn hits<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let before =
            |start: usize| (start.saturating_sub(200)..=start).find(|from| text.is_char_boundary(*from)).unwrap();
        self.0.find_iter(text).map(|hit| &text[before(hit.start())..hit.end()]).collect()
    }
}

/// Every way in which `secret`, or its beginning or end, could be read out of bytes.
fn forms(secret: &str) -> Vec<String> {
    // However what stands around them is escaped, letters and digits stay.
    let letters = secret.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let mut wholes: Vec<String> = letters.filter(|run| run.len() >= SHORTEST).map(str::to_owned).collect();
    wholes.push(secret.to_owned());
    let each = |print: fn(u8) -> String| secret.bytes().map(print).collect::<String>();
    wholes.push(each(|byte| format!("{byte:02x}")));
    wholes.push(each(|byte| format!("{byte:02X}")));
    wholes.push(each(|byte| format!("%{byte:02x}")));
    wholes.push(each(|byte| format!("%{byte:02X}")));
    wholes.push(each(|byte| format!("\\x{byte:02x}")));
    wholes.push(secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect());
    wholes.push(secret.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect());
    for skip in 0..3 {
        let bytes = [vec![b'~'; skip], secret.as_bytes().to_vec()].concat();
        // Only the digits that no neighbour has a bit of.
        let digits = &STANDARD_NO_PAD.encode(&bytes)[(8 * skip).div_ceil(6)..8 * bytes.len() / 6];
        wholes.extend([digits.to_owned(), digits.replace('+', "-").replace('/', "_")]);
    }
    // A part is as good as half the way to the whole.
    let parts = |whole: &String| {
        let start = whole.char_indices().nth(12).map(|(end, _)| whole[..end].to_owned());
        let end = whole.char_indices().rev().nth(11).map(|(start, _)| whole[start..].to_owned());
        [Some(whole.clone()).filter(|whole| whole.len() < 12), start, end]
    };
    wholes.iter().flat_map(parts).flatten().filter(|part| part.len() >= SHORTEST).collect()
}

#[test]
fn what_is_left_is_found_in_every_form() {
    let secret = "Zq7aB3dE5fG7hJ9kL1mN3pQ5";
    let search = Search::new(&[secret.to_owned()]);
    for form in super::places::Encoding::ALL.map(|encoding| encoding.of(secret)) {
        assert!(!search.hits(&format!("x {form} y")).is_empty(), "{form}");
    }
    assert!(!search.hits(&secret[..14]).is_empty() && !search.hits(&secret[8..]).is_empty());
    assert!(search.hits("Zq7 aB3dE5f").is_empty());
}
