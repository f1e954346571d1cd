//! Faults: what goes wrong in real clouds, injected on purpose, and how clients take it. A fault stands before who answers.

mod befallen;
mod catalogue;
mod engine;
mod injected;
mod kind;
mod reaction;
mod trigger;

pub use self::befallen::Befallen;
pub use self::catalogue::{CatalogueRow, catalogue, fault, option};
pub use self::engine::Faults;
pub use self::injected::InjectedFault;
pub use self::kind::limit_to;
