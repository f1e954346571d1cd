//! The kinds of secrets.

use std::fmt;
use std::ops::Range;

/// A secret in a text: where, and what.
pub type Found = (Range<usize>, Kind);

/// The kind of a secret, as named in the placeholder that replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A token: anyone who has it can act as its owner.
    Token,
    /// A password or passcode.
    Password,
    /// A private key, or another key that signs or decrypts.
    Key,
    /// What proves who asks in another way: a signature, a cookie, the user's part of a URL.
    Credential,
    /// What a server gets at its first boot: `user_data` and the files of `personality`, which often hold passwords.
    UserData,
    /// Any other value that is marked as a secret or looks like one.
    Secret,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] = [Kind::Token, Kind::Password, Kind::Key, Kind::Credential, Kind::UserData, Kind::Secret];

    /// The name in placeholders: `[private key 1]`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Token => "token",
            Kind::Password => "password",
            Kind::Key => "key",
            Kind::Credential => "credential",
            Kind::UserData => "user data",
            Kind::Secret => "secret",
        }
    }

    /// The kind and the number of the placeholder that `text` is: `[token 1]`.
    pub fn of_placeholder(text: &str) -> Option<(Kind, u64)> {
        let (name, number) = text.strip_prefix('[')?.strip_suffix(']')?.rsplit_once(' ')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        Some((kind, number.parse().ok().filter(|_| is_number)?))
    }
}

/// The places of placeholders in `text`, which was redacted before.
pub fn placeholders(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices('[').filter_map(|(start, _)| {
        let end = start + text[start..].find(']')? + 1;
        Kind::of_placeholder(&text[start..end]).map(|_| start..end)
    })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_what_looks_alike() {
        assert_eq!(Kind::of_placeholder("[user data 12]"), Some((Kind::UserData, 12)));
        for other in ["[token]", "[token x]", "[token +1]", "[nothing 1]", "token 1", "[token 1"] {
            assert_eq!(Kind::of_placeholder(other), None, "{other}");
        }
        assert_eq!(placeholders("a[[token 1] [b] [secret 2]").collect::<Vec<_>>(), [2..11, 16..26]);
    }
}
