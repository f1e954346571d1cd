//! What Cinder refuses in many places, in the same words.

use crate::cloud::store::Fault;
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// What Cinder answers where its own code fails.
pub fn crash(ask: &Ask<'_>) -> Fault {
    let said = ask.manner().crash;
    Fault::new(Code::Malformed, said.status, said.message)
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
