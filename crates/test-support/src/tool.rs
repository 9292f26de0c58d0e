//! Programs that a test starts and that are not ours.

use std::path::PathBuf;

/// Where Debian and others keep servers, which is not on everybody's PATH.
const BESIDE_THE_PATH: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Returns the program of that name; `source` says how it is installed. A test that lacks a program fails, and is not
/// skipped.
///
/// # Panics
/// If there is no such program.
#[must_use]
#[track_caller]
pub fn tool(name: &str, source: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(BESIDE_THE_PATH.map(PathBuf::from));
    let mut files = folders.map(|folder| folder.join(name)).filter(|file| file.is_file());
    files.next().unwrap_or_else(|| panic!("this test needs {name}: {source}"))
}
