//! What processes, signals and terminals are to the operating system. Everything that only Unix has is in `unix`; what stands in for
//! it elsewhere is beside it.

#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

#[cfg(unix)]
pub use unix::*;
#[cfg(not(unix))]
pub use windows::*;
