//! Helpers for small files, and for folders that no other user controls.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::Error;

/// The mode of files that the server's user reads and only the owner of the data directory writes.
pub(crate) const READABLE: u32 = 0o644;
/// The mode of folders that the server's user passes through.
pub(crate) const TRAVERSABLE: u32 = 0o755;
/// The mode of folders that no other user may see into.
pub(crate) const PRIVATE: u32 = 0o700;

/// Writes a file and sets its mode, independently of the umask.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>, mode: u32) -> Result<(), Error> {
    fs::write(path, content).map_err(Error::io("write", path))?;
    set_mode(path, mode)
}

/// Writes a file atomically: a reader sees the old content or the new content, never a part of it.
pub(crate) fn write_atomically(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    let draft = path.with_extension("new");
    write(&draft, content, READABLE)?;
    fs::rename(&draft, path).map_err(Error::io("write", path))
}

/// Sets the permission bits of a file or folder.
pub(crate) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(Error::io("change the mode of", path))
}

/// Reads a file. Returns `None` if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// Reads the path that [`encode_path`] has encoded. Returns `None` if there is no such file.
///
/// A path may contain any byte, so exactly one line break at the end is removed.
pub(crate) fn read_path(file: &Path) -> Result<Option<PathBuf>, Error> {
    let content = read(file)?;
    Ok(content.map(|bytes| {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        PathBuf::from(OsStr::from_bytes(bytes))
    }))
}

/// Returns the content of a file that holds a path, which [`read_path`] reads.
pub(crate) fn encode_path(path: &Path) -> Vec<u8> {
    [path.as_os_str().as_bytes(), b"\n"].concat()
}

/// Removes a file if it exists.
pub(crate) fn remove_if_exists(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder and everything in it if it exists.
pub(crate) fn remove_dir_if_exists(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Fails if another user could have prepared the folder. That is the case if the folder is a link, if its owner is not
/// `uid`, or if its mode has any of the bits in `forbidden_mode`.
pub(crate) fn ensure_owned_by(path: &Path, uid: u32, forbidden_mode: u32) -> Result<(), Error> {
    let metadata = fs::symlink_metadata(path).map_err(Error::io("read the metadata of", path))?;
    let reason = if !metadata.is_dir() {
        "it is not a folder".to_owned()
    } else if metadata.uid() != uid {
        format!("it belongs to user {}, not to user {uid}", metadata.uid())
    } else if metadata.mode() & forbidden_mode != 0 {
        format!("its mode is {:o}, so other users may write to it", metadata.mode() & 0o7777)
    } else {
        return Ok(());
    };
    Err(Error::UnusableDir { path: path.to_path_buf(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_line_breaks_and_invalid_utf_8_is_read_back_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("location");
        let path = Path::new(OsStr::from_bytes(b"/a\nb \xff\n"));
        write_atomically(&file, encode_path(path)).unwrap();

        assert_eq!(read_path(&file).unwrap().as_deref(), Some(path));
    }
}
