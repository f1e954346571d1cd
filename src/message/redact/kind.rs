//! The kinds of secrets.

use std::fmt;

/// What a secret is; it names the placeholder that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Whoever has it is taken for the one it was issued to.
    Token,
    /// A password or passcode.
    Password,
    /// A private key, or another key that signs or decrypts.
    Key,
    /// What proves who asks in another way: a signature, a cookie, the user's part of a URL.
    Credential,
    /// What a server gets at its first boot: `user_data` and the files of `personality`, which often hold passwords.
    UserData,
    /// Anything else that is marked as a secret or looks like one.
    Secret,
}

impl Kind {
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
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
