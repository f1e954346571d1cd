//! Files of Unix: pipes and sockets have names, and every file a number.

use std::fs::{self, File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// What tells whether two paths are one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(u64, u64);

impl FileId {
    /// That of what is at `path`.
    ///
    /// # Errors
    /// Nothing is there.
    pub fn of(path: &Path) -> io::Result<FileId> {
        fs::metadata(path).map(|found| FileId(found.dev(), found.ino()))
    }
}

/// How files are opened for reading: opening a pipe would wait for somebody who writes.
pub fn options_to_read() -> OpenOptions {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.cast_signed());
    options
}

/// What it is, if whoever opens it may wait for another process.
pub fn blocks(kind: FileType) -> Option<&'static str> {
    match kind {
        kind if kind.is_fifo() => Some("a named pipe"),
        kind if kind.is_socket() => Some("a socket"),
        _ => None,
    }
}

/// Reads from `place` on, wherever others read; how many bytes.
///
/// # Errors
/// The file cannot be read.
pub fn read_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<usize> {
    file.read_at(buffer, place)
}
