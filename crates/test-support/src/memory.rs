//! Where a test has a server of its own.

use std::path::Path;

const MEMORY: &str = "/dev/shm";

/// What the servers of some tests at once need, in bytes.
const ROOM: u64 = 1 << 30;

/// Returns the folder in which a test makes the folder of its server: in memory where there is room, as making a
/// PostgreSQL cluster on a disk takes several times as long. Programs may not be started from there.
#[must_use]
pub fn memory_or_disk() -> &'static Path {
    let free = rustix::fs::statvfs(MEMORY).map(|shm| shm.f_bavail * shm.f_frsize);
    Path::new(if free.is_ok_and(|free| free > ROOM) { MEMORY } else { "/tmp" })
}
