//! Small files and private folders.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::Error;

/// For what the server's user reads and only the area's owner writes.
pub(crate) const READABLE: u32 = 0o644;
/// For folders that the server's user passes through.
pub(crate) const PASSABLE: u32 = 0o755;
/// For what nobody else may see.
pub(crate) const PRIVATE: u32 = 0o700;

/// Writes a file with that mode, whatever the umask is.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>, mode: u32) -> Result<(), Error> {
    fs::write(path, content).map_err(Error::io("write", path))?;
    set_mode(path, mode)
}

/// Writes a file so that a reader sees the old content or the new one, never a part.
pub(crate) fn replace(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    let beside = path.with_extension("new");
    write(&beside, content, READABLE)?;
    fs::rename(&beside, path).map_err(Error::io("write", path))
}

pub(crate) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, Permissions::from_mode(mode))
        .map_err(Error::io("change the mode of", path))
}

/// The content of a file; none if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// The path that a pointer file holds. Any byte may be part of a path, so one line end is cut off
/// and nothing else.
pub(crate) fn read_path(file: &Path) -> Result<Option<PathBuf>, Error> {
    let content = read(file)?;
    Ok(content.map(|bytes| {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        PathBuf::from(OsStr::from_bytes(bytes))
    }))
}

/// What [`read_path`] reads.
pub(crate) fn path_line(path: &Path) -> Vec<u8> {
    [path.as_os_str().as_bytes(), b"\n"].concat()
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder with all that is in it, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Refuses a folder that somebody else could have prepared: a link, one of another owner than `uid`,
/// one with any of the bits in `forbidden`.
pub(crate) fn check_owner(path: &Path, uid: u32, forbidden: u32) -> Result<(), Error> {
    let meta = fs::symlink_metadata(path).map_err(Error::io("look at", path))?;
    let reason = if !meta.is_dir() {
        "it is no folder".to_owned()
    } else if meta.uid() != uid {
        format!("it belongs to user {}, not to user {uid}", meta.uid())
    } else if meta.mode() & forbidden != 0 {
        format!("its mode is {:o}, so others may write to it", meta.mode() & 0o7777)
    } else {
        return Ok(());
    };
    Err(Error::NotPrivate { path: path.to_path_buf(), reason })
}
