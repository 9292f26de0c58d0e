//! The directory for the servers that tests start.

use std::path::Path;

/// The file system in memory that Linux provides.
const SHARED_MEMORY: &str = "/dev/shm";

/// The free space, in bytes, that the servers of several concurrent tests need.
const REQUIRED_SPACE: u64 = 1 << 30;

/// Returns a directory for temporary PostgreSQL clusters: in memory if there is enough space, and otherwise on disk.
///
/// Creating a cluster on a disk takes several times as long. Programs cannot be executed in the directory, because some
/// systems mount it with `noexec`.
#[must_use]
pub fn fast_temp_dir() -> &'static Path {
    let free_space =
        rustix::fs::statvfs(SHARED_MEMORY).map(|stats| stats.f_bavail * stats.f_frsize);
    let has_space = free_space.is_ok_and(|free_space| free_space > REQUIRED_SPACE);
    Path::new(if has_space { SHARED_MEMORY } else { "/tmp" })
}
