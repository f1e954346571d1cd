//! Files that the user names. Only what is a file is read: a pipe may never begin, and a device never end.

use std::collections::BTreeSet;
use std::fs::{self, File, FileType};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::platform::{FileId, blocks, options_to_read};

/// The largest text that is read as a whole, in bytes.
const MOST: u64 = 64 << 20;

/// The folder that the file at `path` is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Opens the file at `path` for reading.
///
/// # Errors
/// It cannot be opened, or is not a regular file.
pub fn open_file(path: &Path) -> io::Result<File> {
    let file = options_to_read().open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() { Ok(file) } else { Err(no_file(kind)) }
}

/// The text of the file at `path`.
///
/// # Errors
/// It cannot be opened or read, is not a regular file, is not UTF-8, or is larger than 64 MiB.
pub fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open_file(path)?.take(MOST + 1).read_to_string(&mut text)?;
    match text.len() as u64 > MOST {
        true => Err(io::Error::new(ErrorKind::FileTooLarge, "it is larger than 64 MiB")),
        false => Ok(text),
    }
}

/// Can `path` be written to without waiting for somebody who reads? A device such as `/dev/null` can.
///
/// # Errors
/// The path is a named pipe, a socket or a folder.
pub fn can_be_written(path: &Path) -> io::Result<()> {
    match fs::metadata(path).map(|found| found.file_type()) {
        Ok(kind) if kind.is_dir() || blocks(kind).is_some() => Err(no_file(kind)),
        // What else is wrong, writing tells.
        _ => Ok(()),
    }
}

fn no_file(kind: FileType) -> io::Error {
    let what = if kind.is_dir() { "a folder" } else { blocks(kind).unwrap_or("a device") };
    io::Error::new(ErrorKind::InvalidInput, format!("it is {what}, not a file"))
}

/// The files below `folder` whose names end with `ending`, sorted.
///
/// # Errors
/// A folder cannot be read, or is visited twice because of symbolic links.
pub fn files_below(folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, ending, &mut BTreeSet::new(), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, ending: &str, met: &mut BTreeSet<FileId>, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if !met.insert(FileId::of(folder)?) {
        let why =
            format!("{} leads back to a folder that was already read: remove the symbolic link", folder.display());
        return Err(io::Error::new(ErrorKind::InvalidInput, why));
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, ending, met, found)?,
            false if path.to_string_lossy().ends_with(ending) => found.push(path),
            false => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&link, &link).unwrap();
        for (path, why) in [
            (pipe.as_path(), "it is a named pipe, not a file"),
            (folder.path(), "it is a folder, not a file"),
            (Path::new("/dev/zero"), "it is a device, not a file"),
            (&link, "Too many levels of symbolic links"),
        ] {
            let told = read_text(path).unwrap_err().to_string();
            assert!(told.contains(why), "{}: {told}", path.display());
        }
        assert!(can_be_written(&pipe).is_err() && can_be_written(folder.path()).is_err());
        assert!(can_be_written(Path::new("/dev/null")).is_ok() && can_be_written(&folder.path().join("new")).is_ok());
    }

    #[test]
    fn a_large_text_is_refused_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 40).unwrap();
        assert_eq!(read_text(file.path()).unwrap_err().to_string(), "it is larger than 64 MiB");
    }

    #[test]
    fn links_that_lead_back_are_told_and_not_followed_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/b.yaml"), "").unwrap();
        assert_eq!(files_below(folder.path(), ".yaml").unwrap(), [folder.path().join("a/b.yaml")]);
        for name in ["one", "two"] {
            std::os::unix::fs::symlink(folder.path(), folder.path().join("a").join(name)).unwrap();
        }
        let told = files_below(folder.path(), ".yaml").unwrap_err().to_string();
        assert!(told.contains("leads back to a folder that was already read"), "{told}");
    }
}
