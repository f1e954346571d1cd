//! Keys that Nova would make. They have the form and the length of real ones, so that clients can read, write and compare
//! them, but their numbers are random: nothing can be signed with them, and no server is there to log in to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::Ids;

/// A public key, or a certificate, and its private key.
pub struct Made {
    /// As Nova shows it.
    pub public: String,
    /// In PEM.
    pub private: String,
}

/// An RSA key of 2048 bits, as OpenSSH writes its public and OpenSSL its private half.
pub fn key_pair(ids: &mut Ids) -> Made {
    let key = Rsa::random(ids);
    let public = [ssh(b"ssh-rsa"), ssh(EXPONENT), ssh(&unsigned(&key.modulus))].concat();
    let public = format!("ssh-rsa {} Generated-by-Nova", STANDARD.encode(public));
    Made { public, private: pem("RSA PRIVATE KEY", &key.private()) }
}

/// A certificate of such a key for an imaginary user; Nova gives its private key in PKCS #8.
pub fn certificate(ids: &mut Ids) -> Made {
    let key = Rsa::random(ids);
    let algorithm = sequence(&[&der(OBJECT_ID, RSA_ENCRYPTION), &der(NULL, b"")]);
    let public = sequence(&[&integer(&key.modulus), &integer(EXPONENT)]);
    let name = sequence(&[&der(SET, &sequence(&[&der(OBJECT_ID, COMMON_NAME), &der(TEXT, b"mockstack")]))]);
    let validity = sequence(&[&der(TIME, b"260101000000Z"), &der(TIME, b"360101000000Z")]);
    let subject_key = sequence(&[&algorithm, &bits(&public)]);
    let serial = integer(&random(ids, 16));
    let body = sequence(&[&serial, &algorithm, &name, &validity, &name, &subject_key]);
    let signed = sequence(&[&body, &algorithm, &bits(&random(ids, 256))]);
    let private = sequence(&[&integer(&[0]), &algorithm, &der(OCTETS, &key.private())]);
    Made { public: pem("CERTIFICATE", &signed), private: pem("PRIVATE KEY", &private) }
}

const EXPONENT: &[u8] = &[1, 0, 1];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

// Tags of DER (ITU-T X.690).
const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const NULL: u8 = 0x05;
const OBJECT_ID: u8 = 0x06;
const TEXT: u8 = 0x0c;
const TIME: u8 = 0x17;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

struct Rsa {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    halves: [Vec<u8>; 5],
}

impl Rsa {
    fn random(ids: &mut Ids) -> Rsa {
        let modulus = random(ids, 256);
        let exponent = random(ids, 256);
        Rsa { modulus, exponent, halves: std::array::from_fn(|_| random(ids, 128)) }
    }

    /// PKCS #1: version, n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p.
    fn private(&self) -> Vec<u8> {
        let numbers = [&[0][..], &self.modulus, EXPONENT, &self.exponent];
        let numbers: Vec<Vec<u8>> =
            numbers.into_iter().chain(self.halves.iter().map(Vec::as_slice)).map(integer).collect();
        sequence(&numbers.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }
}

/// An odd number of just so many bytes.
fn random(ids: &mut Ids, length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(length + 16);
    while bytes.len() < length {
        bytes.extend_from_slice(ids.uuid().as_bytes());
    }
    bytes.truncate(length);
    if let [first, .., last] = bytes.as_mut_slice() {
        *first |= 0x80;
        *last |= 1;
    }
    bytes
}

fn ssh(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes(), bytes].concat()
}

/// The bytes of a number, so that its first bit is no sign.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    if bytes.first().is_some_and(|first| *first >= 0x80) { [&[0], bytes].concat() } else { bytes.to_vec() }
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    der(INTEGER, &unsigned(bytes))
}

fn bits(bytes: &[u8]) -> Vec<u8> {
    der(BITS, &[&[0], bytes].concat())
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der(SEQUENCE, &parts.concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let length = match (high, low) {
        (0, low @ 0..0x80) => vec![low],
        (0, low) => vec![0x81, low],
        (high, low) => vec![0x82, high, low],
    };
    [&[tag], length.as_slice(), content].concat()
}

fn pem(label: &str, content: &[u8]) -> String {
    let text = STANDARD.encode(content);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
