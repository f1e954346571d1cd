//! Bodies that are no documents: the contents of an image.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// The most bytes of which all are kept, not the digests alone.
pub const MOST_KEPT: usize = 1 << 20;

/// What is known of a body of any length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// How many bytes it had.
    #[serde(rename = "bytes")]
    pub length: u64,
    /// Its MD5, in hexadecimal digits.
    pub md5: String,
    /// Its SHA-512, in hexadecimal digits; recordings do not have it.
    #[serde(skip)]
    pub sha512: String,
    /// The bytes, if they are at most [`MOST_KEPT`]; recordings do not have them.
    #[serde(skip)]
    pub kept: Option<Arc<[u8]>>,
}

impl Contents {
    /// What is known of `bytes`.
    pub fn of(bytes: &[u8]) -> Contents {
        let mut meter = ContentsMeter::default();
        meter.consume(bytes);
        meter.contents()
    }
}

/// Measures a body while its bytes go by.
#[derive(Clone)]
pub struct ContentsMeter {
    length: u64,
    md5: md5::Context,
    sha512: sha2::Sha512,
    kept: Vec<u8>,
}

impl Default for ContentsMeter {
    fn default() -> ContentsMeter {
        ContentsMeter { length: 0, md5: md5::Context::new(), sha512: sha2::Sha512::new(), kept: Vec::new() }
    }
}

impl ContentsMeter {
    /// Takes note of bytes that go by.
    pub fn consume(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.md5.consume(bytes);
        self.sha512.update(bytes);
        if self.is_kept() {
            self.kept.extend_from_slice(bytes);
        } else {
            self.kept = Vec::new();
        }
    }

    /// What is known of what went by.
    pub fn contents(&self) -> Contents {
        Contents {
            length: self.length,
            md5: format!("{:x}", self.md5.clone().finalize()),
            sha512: format!("{:x}", self.sha512.clone().finalize()),
            kept: self.is_kept().then(|| self.kept.as_slice().into()),
        }
    }

    fn is_kept(&self) -> bool {
        self.length <= MOST_KEPT as u64
    }
}

impl fmt::Debug for ContentsMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentsMeter").field("length", &self.length).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_kept_up_to_the_limit() {
        let abc = Contents::of(b"abc");
        assert_eq!((abc.length, abc.md5.as_str()), (3, "900150983cd24fb0d6963f7d28e17f72"));
        assert!(abc.sha512.starts_with("ddaf35a193617abacc417349ae204131"));
        assert_eq!(abc.kept.as_deref(), Some(b"abc".as_slice()));
        let mut meter = ContentsMeter::default();
        meter.consume(&vec![0; MOST_KEPT]);
        assert!(meter.contents().kept.is_some());
        meter.consume(&[0]);
        assert_eq!((meter.contents().kept, meter.kept.capacity()), (None, 0));
    }
}
