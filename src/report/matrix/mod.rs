//! A matrix: what each of several clients came to in each of several clouds, and its reports. Rows are clouds, columns clients.

mod cell;
mod grid;
#[cfg(feature = "cli")]
mod html;
mod json;
mod junit;
mod known;
mod markdown;
mod text;

pub use crate::report::matrix::cell::{Cell, State};
pub use crate::report::matrix::grid::Matrix;
#[cfg(feature = "cli")]
pub use crate::report::matrix::html::html;
pub use crate::report::matrix::json::json;
pub use crate::report::matrix::junit::junit;
pub use crate::report::matrix::known::Known;
pub use crate::report::matrix::markdown::markdown;
pub use crate::report::matrix::text::text;
