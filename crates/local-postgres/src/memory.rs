//! The folder in memory in which the server of tests has its data, where there is one.

use std::path::{Path, PathBuf};

/// Linux keeps what is in it in memory, and puts it to the swap before it runs out.
/// <https://man7.org/linux/man-pages/man7/shm_overview.7.html>
const SHM: &str = "/dev/shm";

/// `TMPFS_MAGIC` of statfs(2).
const TMPFS: u64 = 0x0102_1994;

/// A cluster takes 40 MB, a template or an instance 8 MB; a container has 64 MB in all unless it is
/// given more.
const ROOM: u64 = 1024 * 1024 * 1024;

/// Below which folder areas are made. It is the caller's own, and what others can write is refused.
pub(crate) fn base() -> PathBuf {
    PathBuf::from(SHM).join(format!("seedbed-{}", rustix::process::geteuid().as_raw()))
}

/// Whether a folder is that one.
pub(crate) fn is_base(folder: &Path) -> bool {
    folder == base()
}

/// Whether there is such memory, and enough of it.
pub(crate) fn has_room() -> bool {
    cfg!(target_os = "linux")
        && rustix::fs::statfs(SHM).is_ok_and(|memory| u64::try_from(memory.f_type) == Ok(TMPFS))
        && rustix::fs::statvfs(SHM).is_ok_and(|memory| memory.f_bavail * memory.f_frsize >= ROOM)
}
