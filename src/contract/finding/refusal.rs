//! A refusal of the whole request.

use crate::base::Pointer;

/// A refusal in the service's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The sentence.
    pub message: String,
    /// What the service calls it, where it has names for its refusals.
    pub class: Option<&'static str>,
    /// Where the service sees it; empty for what its own code checks.
    pub path: Pointer,
}

impl Refusal {
    /// A refusal without a place and a name.
    pub fn new(status: u16, message: impl Into<String>) -> Refusal {
        Refusal { status, message: message.into(), class: None, path: Pointer::default() }
    }
}

/// What services say of a path, an action or a resource that does not exist.
pub const NO_RESOURCE: &str = "The resource could not be found.";
