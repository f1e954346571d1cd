//! Files where there is no Unix: Windows. Pipes are not in folders there.

use std::fs::{self, File, FileType, OpenOptions};
use std::io;
use std::os::windows::fs::FileExt;
use std::path::{Path, PathBuf};

/// What tells whether two paths are one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(PathBuf);

impl FileId {
    /// That of what is at `path`.
    ///
    /// # Errors
    /// Nothing is there.
    pub fn of(path: &Path) -> io::Result<FileId> {
        fs::canonicalize(path).map(FileId)
    }
}

/// How files are opened for reading.
pub fn options_to_read() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

/// What it is, if whoever opens it may wait for another process.
pub fn blocks(_: FileType) -> Option<&'static str> {
    None
}

/// Reads from `place` on, wherever others read; how many bytes.
///
/// # Errors
/// The file cannot be read.
pub fn read_at(file: &File, buffer: &mut [u8], place: u64) -> io::Result<usize> {
    file.seek_read(buffer, place)
}
