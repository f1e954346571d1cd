//! Texts with `%XX` and `\uXXXX` in them, and what they spell.

use std::ops::Range;

/// What a text with escapes spells, and where each byte of it comes from.
pub struct Unescaped {
    /// The unescaped text; what is not UTF-8 is `?`.
    pub text: String,
    places: Vec<usize>,
}

impl Unescaped {
    /// `None` if there are no escapes.
    pub fn new(text: &str) -> Option<Unescaped> {
        let bytes = text.as_bytes();
        let start = memchr::memchr2(b'%', b'\\', bytes)?;
        let first = (start..bytes.len()).find(|place| escape(bytes, *place).is_some())?;
        let mut plain = bytes[..first].to_vec();
        let mut places: Vec<usize> = (0..first).collect();
        let mut place = first;
        while place < bytes.len() {
            let (length, code) = escape(bytes, place).unwrap_or((1, Code::Byte(bytes[place])));
            match code {
                Code::Byte(byte) => plain.push(byte),
                Code::Char(char) => plain.extend(char.encode_utf8(&mut [0; 4]).bytes()),
            }
            places.resize(plain.len(), place);
            place += length;
        }
        places.push(bytes.len());
        let text = String::from_utf8(plain).unwrap_or_else(|error| {
            let ascii = |byte: u8| if byte.is_ascii() { char::from(byte) } else { '?' };
            error.into_bytes().into_iter().map(ascii).collect()
        });
        Some(Unescaped { text, places })
    }

    /// The place of that part in the text with escapes.
    pub fn place(&self, part: &Range<usize>) -> Range<usize> {
        self.places[part.start]..self.places[part.end]
    }
}

enum Code {
    Byte(u8),
    Char(char),
}

/// The length and the meaning of the escape that starts at `place`.
fn escape(bytes: &[u8], place: usize) -> Option<(usize, Code)> {
    let digits = |range: Range<usize>| {
        let digits = bytes.get(range).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    match &bytes[place..] {
        [b'%', ..] => Some((3, Code::Byte(u8::try_from(digits(place + 1..place + 3)?).ok()?))),
        [b'\\', b'u', ..] => Some((6, Code::Char(char::from_u32(digits(place + 2..place + 6)?).unwrap_or('?')))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_where_they_came_from() {
        let text = "aé%41b\\u0043%FF!";
        let plain = Unescaped::new(text).unwrap();
        assert_eq!(plain.text, "a??AbC?!");
        assert_eq!(&text[plain.place(&(3..6))], "%41b\\u0043");
        assert_eq!(Unescaped::new("é%41").unwrap().text, "éA");
        assert!(Unescaped::new("100% of \\u").is_none());
    }
}
