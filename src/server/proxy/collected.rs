//! Which bodies are read before they are passed on.

/// Bodies up to here are read before they are passed on, as URLs in them may have to be rewritten, in bytes.
pub const COLLECTED: usize = 16 << 20;
