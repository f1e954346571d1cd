//! Bytes in which numbers, texts and places are packed: a number has seven bits a byte, the lowest first, all but the last byte with the
//! eighth bit set; a part comes after its length. What cannot be read is `None`.

use std::sync::Arc;

use super::Place;

/// Reads what was packed, from the front.
#[derive(Clone, Debug)]
pub struct Unpacked {
    /// What is left.
    pub bytes: &'static [u8],
}

impl Unpacked {
    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// A number.
    pub fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A part after its length.
    pub fn part(&mut self) -> Option<&'static [u8]> {
        let length = self.number()?;
        let (part, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(part)
    }

    /// A part that is text.
    pub fn text(&mut self) -> Option<&'static str> {
        std::str::from_utf8(self.part()?).ok()
    }

    /// A place in `file`.
    pub fn place(&mut self, file: &Arc<str>) -> Option<Place> {
        let mut number = || u32::try_from(self.number()?).ok();
        Some(Place { line: number()?, column: number()?, file: Arc::clone(file) })
    }
}

/// Appends a number.
pub fn pack_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a part.
pub fn pack_part(out: &mut Vec<u8>, part: &[u8]) {
    pack_number(out, part.len());
    out.extend(part);
}

/// Appends a place without its file.
pub fn pack_place(out: &mut Vec<u8>, place: &Place) {
    pack_number(out, place.line as usize);
    pack_number(out, place.column as usize);
}
