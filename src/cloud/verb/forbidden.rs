//! The refusal of a change to what the caller sees and does not own.

use super::ask::Ask;
use super::show::singular;
use crate::cloud::store::Fault;

/// The refusal of `action` on what the caller sees and does not own.
pub fn forbidden(ask: &Ask<'_>, action: &str) -> Fault {
    let what = singular(ask.collection());
    (ask.manner().forbidden)(action, &what).unwrap_or_else(|| ask.not_found())
}
