//! Floor 5: recordings held against contracts, with nobody answering.

mod again;
pub mod against;
mod changes;
mod diff;
mod export;
mod import;
mod pool;
mod stand_in;
mod table;

pub use again::{Outline, Verifier};
pub use changes::{Change, Changed, Changes, changed};
pub use diff::{Diff, Difference, Part, Taken};
pub use export::{Export, Form};
pub use import::Source;
pub use pool::ordered;
pub use table::{Cell, Noted, Table, note};
