//! What Cinder refuses in many places, in the same words.

use crate::cloud::store::Fault;
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// What Cinder answers where its own code fails.
pub fn crash(ask: &Ask<'_>) -> Fault {
    let said = ask.manner().crash;
    Fault::new(Code::Malformed, said.status, said.message)
}

/// Cinder's refusal of something that is not as it has to be.
pub fn invalid(what: &str, why: &str) -> Fault {
    Fault::new(Code::State, 400, format!("Invalid {what}: {why}"))
}

/// Its refusal of what is valid in itself, and not here.
pub fn invalid_input(why: &str) -> Fault {
    Fault::new(Code::Rule, 400, format!("Invalid input received: {why}"))
}

/// Its refusal of a request that names no host.
pub fn no_host() -> Fault {
    Fault { code: Code::Missing, ..invalid_input("Host field is missing.") }
}

/// Refuses a name of nothing but blanks (cinder/api/validation/validators.py).
pub fn not_blank(name: &str) -> Result<(), Fault> {
    match name.trim().is_empty() {
        false => Ok(()),
        true => {
            let message = "An invalid 'name' value was provided. The 'name' can not be empty.";
            Err(Fault::new(Code::Length, 400, message))
        }
    }
}
