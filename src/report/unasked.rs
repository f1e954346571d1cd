//! What a replay was not asked for.

use serde::{Deserialize, Serialize};

/// A recorded write that a replay was not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unasked {
    /// Its operation; the method and the path if it led to none.
    pub operation: String,
    /// Which it is: `request 7 (DELETE /compute/v2.1/servers/…)`.
    pub request: String,
}
