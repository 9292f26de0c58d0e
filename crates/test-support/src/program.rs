//! Finds other programs that tests start.

use std::path::PathBuf;

/// Directories in which Debian and other systems install server programs, and which are not on the `PATH` of every user.
const SYSTEM_DIRS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Returns the path of the program. `install` is the command that installs the program.
///
/// A test that requires a missing program fails. It is not skipped.
///
/// # Panics
/// Panics if the program is not found.
#[must_use]
#[track_caller]
pub fn require_program(name: &str, install: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&path).chain(SYSTEM_DIRS.map(PathBuf::from));
    let mut files = dirs.map(|dir| dir.join(name)).filter(|file| file.is_file());
    files.next().unwrap_or_else(|| panic!("this test requires `{name}`\nhint: {install}"))
}
