//! What a suite of tests touches of what its client uses: operations, fields, boundaries and faults.

mod point;
mod suite;
mod tell;

pub use point::{Coverage, Covered, Kind, Point};
pub use suite::{Known, Suite};
pub use tell::percent;
