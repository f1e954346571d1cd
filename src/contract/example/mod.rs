//! Documents that a schema describes: examples for readers, and many different ones for tests.

mod body;
mod make;
mod texts;

pub use body::example;
pub use make::{Extent, Maker};
