//! What the tokens of one project's cloud have in common, so that a token leads to its cloud without a list of all tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How Keystone's Fernet tokens begin.
const FERNET: &str = "gAAAAA";

/// The length of a UUID token.
const UUID: usize = 32;

/// A part of each token of a cloud: 48 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seal(u64);

impl Seal {
    /// The seal that is made of `bits`.
    pub fn new(bits: u64) -> Seal {
        Seal(bits >> 16)
    }

    /// The seal that a token would have, of whichever form it is.
    pub fn of_token(token: &str) -> Option<Seal> {
        match token.strip_prefix(FERNET) {
            Some(rest) => {
                let bytes = URL_SAFE_NO_PAD.decode(rest.get(..8)?).ok()?;
                Some(Seal(bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))))
            }
            None if token.len() == UUID => u64::from_str_radix(token.get(..12)?, 16).ok().map(Seal),
            None => None,
        }
    }

    /// The token with this seal.
    pub fn on(self, token: &str) -> String {
        match token.strip_prefix(FERNET) {
            Some(rest) => {
                let seal = self.0.to_be_bytes();
                [FERNET, &URL_SAFE_NO_PAD.encode(&seal[2..]), rest.get(8..).unwrap_or_default()].concat()
            }
            None => format!("{:012x}{}", self.0, token.get(12..).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_either_form_leads_to_its_seal() {
        let seal = Seal::new(0x0123_4567_89ab_cdef);
        for token in [format!("gAAAAA{}", "x".repeat(177)), "c0ffee00c0ff4f64ac6deada445d4d3b".to_owned()] {
            let sealed = seal.on(&token);
            assert_eq!((sealed.len(), Seal::of_token(&sealed)), (token.len(), Some(seal)));
            assert_ne!(Seal::of_token(&token), Some(seal));
        }
        assert_eq!(Seal::of_token("gAAAAA"), None);
        assert_eq!(Seal::of_token("é"), None);
        assert_eq!(Seal::of_token("zzzzzzzzzzzz4f64ac6deada445d4d3b"), None);
    }
}
