//! The steps of a check, and why one refuses.

use super::code::Code;
use crate::base::json::Value;
use crate::base::{Pointer, Versions};

/// A step of a check: the versions in which it is taken, and the step. The service stops at the first that refuses.
pub type Step = (fn() -> Versions, fn(&Value) -> Result<(), Rejection>);

/// Why a step refuses.
#[derive(Debug)]
pub struct Rejection {
    pub code: Code,
    pub status: u16,
    pub message: String,
    pub at: Pointer,
}

impl Rejection {
    /// A 400.
    pub fn bad_request(code: Code, at: Pointer, message: impl Into<String>) -> Rejection {
        Rejection { code, status: 400, message: message.into(), at }
    }
}
