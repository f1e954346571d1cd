//! Floor 5: recordings judged by contracts, without a server.

mod again;
pub mod against;
mod changes;
mod diff;
mod export;
mod fate;
mod import;
mod stand_in;
mod stubs;
mod table;
mod upgrade;
mod used;

pub use crate::base::ordered;
pub use crate::verify::again::{Outline, Verifier};
pub use crate::verify::changes::{Change, Changed, Changes, changed};
pub use crate::verify::diff::{Diff, Difference, Part, Taken};
pub use crate::verify::export::{Export, Form};
pub use crate::verify::fate::{Answer, Fate, Since, folded};
pub use crate::verify::import::Source;
pub use crate::verify::stubs::{Stubs, pact, wiremock};
pub use crate::verify::table::{Cell, Noted, Table, note};
pub use crate::verify::upgrade::{Judged, Upgrade, breaks, passed};
pub use crate::verify::used::Used;
