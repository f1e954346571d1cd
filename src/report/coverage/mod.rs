//! What a suite of tests touches of what its client uses: operations, fields, boundaries and faults.

mod point;
mod suite;
mod tell;

pub use point::{Coverage, Covered, Kind, Point, Usual};
pub use suite::{Fields, Suite};
pub use tell::percent;
