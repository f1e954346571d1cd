//! What changes from one contract to another: what a client may, must and may no longer send, and what answers gain and lose.

mod change;
mod compare;
mod demand;
mod fields;
mod form;
mod implied;
mod kinds;
mod rows;
mod step;
mod view;

pub use change::{Change, Changed, Level};
pub(in crate::contract) use form::{Chosen, Form, Side};
pub(in crate::contract) use kinds::Kinds;
pub use rows::{diff, diff_of};
pub use view::View;
