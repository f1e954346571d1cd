//! Documents that a schema describes: examples for readers, and many different ones for tests.

mod make;
mod texts;

pub use make::{Extent, Maker};
