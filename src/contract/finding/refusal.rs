//! A refusal of the whole request.

use crate::base::Pointer;

/// A refusal in the service's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The sentence.
    pub message: String,
    /// Where the service sees it; empty for what its own code checks.
    pub path: Pointer,
}

/// What services say of a path, an action or a resource that does not exist.
pub const NO_RESOURCE: &str = "The resource could not be found.";
