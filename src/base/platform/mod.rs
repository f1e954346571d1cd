//! What files are to the operating system. Everything that only Unix has is in `unix`; what stands in for it elsewhere is beside it.

#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

#[cfg(unix)]
pub use unix::{FileId, blocks, options_to_read, read_at};
#[cfg(not(unix))]
pub use windows::{FileId, blocks, options_to_read, read_at};

use std::fs::File;
use std::io::{self, ErrorKind};

/// Fills `buffer` with what is in the file from `place` on.
///
/// # Errors
/// The file ends before, or cannot be read.
pub fn read_exact_at(file: &File, mut buffer: &mut [u8], mut place: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match read_at(file, buffer, place) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(read) => (buffer, place) = (&mut buffer[read..], place + read as u64),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
