//! What is stored becomes an answer, and an answer what is stored.

mod projection;
mod relax;
mod unproject;

pub use projection::{MissingField, Projection};
