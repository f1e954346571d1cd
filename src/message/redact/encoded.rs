//! Texts that words spell in base64 or hexadecimal digits.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, GeneralPurpose};

const EITHER_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const LENIENT: GeneralPurpose = GeneralPurpose::new(&STANDARD, EITHER_PADDING);

/// So many digits of base64 or hexadecimal digits are read as another text.
const SHORTEST_ENCODED: usize = 20;

/// The texts that `word` may spell, in whatever alignment.
pub fn decoded(word: &str) -> impl Iterator<Item = String> {
    let word = if word.len() < SHORTEST_ENCODED { "" } else { word };
    let hex = of_hex(word).filter(|bytes| !bytes.is_empty());
    let standard = if hex.is_some() { String::new() } else { word.replace('-', "+").replace('_', "/") };
    let of_base64 = move |skip: usize| {
        let part = standard.trim_end_matches('=').get(skip..).filter(|part| !part.is_empty())?;
        LENIENT.decode(&part[..part.len() - usize::from(part.len() % 4 == 1)]).ok()
    };
    hex.into_iter().chain((0..4).filter_map(of_base64)).filter_map(|bytes| {
        let is_printable = |byte: &&u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
        let printable = bytes.iter().filter(is_printable).count();
        (printable * 100 >= bytes.len() * 95).then(|| String::from_utf8_lossy(&bytes).into_owned())
    })
}

/// The bytes that hexadecimal digits spell.
fn of_hex(word: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = word.bytes().map(|byte| digit(&byte)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| pair[0] << 4 | pair[1]).collect())
}
