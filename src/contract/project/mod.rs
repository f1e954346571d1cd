//! What is stored becomes an answer, and an answer what is stored.

mod projection;
mod unproject;

pub use projection::{MissingField, Projection};
