//! The directory in shared memory where a server for tests keeps its data.

use std::path::{Path, PathBuf};

/// The file system that Linux keeps in memory, and moves to swap space before memory runs out.
/// <https://man7.org/linux/man-pages/man7/shm_overview.7.html>
const SHM: &str = "/dev/shm";

/// The constant `TMPFS_MAGIC` of statfs(2).
const TMPFS_MAGIC: u64 = 0x0102_1994;

/// The free space that a server for tests requires. A cluster takes 40 MB, and each template or instance 8 MB. Most
/// containers have 64 MB of shared memory in all unless they are given more.
const REQUIRED_BYTES: u64 = 1024 * 1024 * 1024;

/// Returns the base directory in shared memory for the data directories of the calling user.
pub(crate) fn base_dir() -> PathBuf {
    PathBuf::from(SHM).join(format!("seedbed-{}", rustix::process::geteuid().as_raw()))
}

/// Returns whether `dir` is the base directory in shared memory.
pub(crate) fn is_base_dir(dir: &Path) -> bool {
    dir == base_dir()
}

/// Returns whether the machine has shared memory with enough free space for a server.
pub(crate) fn has_enough_space() -> bool {
    cfg!(target_os = "linux")
        && rustix::fs::statfs(SHM).is_ok_and(|shm| u64::try_from(shm.f_type) == Ok(TMPFS_MAGIC))
        && rustix::fs::statvfs(SHM).is_ok_and(|shm| shm.f_bavail * shm.f_frsize >= REQUIRED_BYTES)
}
