//! Generated ids: the same seed gives the same ids in the same order.

use uuid::Uuid;

/// A stream of pseudo-random bits (SplitMix64, public domain, Steele, Lea and Flood 2014): ids must be reproducible, not secret.
#[derive(Clone, Debug)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// A stream that depends on `seed` alone.
    pub fn new(seed: u64) -> Ids {
        Ids { state: seed }
    }

    /// A stream that depends on `seed` and `name` alone.
    pub fn named(seed: u64, name: &str) -> Ids {
        let digest = Uuid::new_v5(&Uuid::from_u64_pair(0, seed), name.as_bytes());
        Ids { state: digest.as_u64_pair().0 ^ digest.as_u64_pair().1 }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> Uuid {
        let bytes = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
    }

    /// A password, without similar-looking characters.
    pub fn password(&mut self, length: usize) -> String {
        self.text(b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", length)
    }

    /// `length` characters of `alphabet`, which is ASCII, for passwords and reservation ids.
    pub fn text<const N: usize>(&mut self, alphabet: &[u8; N], length: usize) -> String {
        let mut text = String::with_capacity(length);
        text.extend((0..length).map(|_| char::from(alphabet[self.bits() as usize % N])));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_decides() {
        let ids = |seed| {
            let mut ids = Ids::new(seed);
            [ids.uuid(), ids.uuid()]
        };
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1), ids(2));
        assert_ne!(ids(1)[0], ids(1)[1]);
        assert_eq!(ids(1)[0].get_version_num(), 4);
    }
}
