//! Helpers for the unit tests of this crate.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Writes an executable script.
///
/// Another process (`install`) writes the final file. If this process had it open for writing while another test
/// forks, running the script would fail with "text file busy".
pub(crate) fn write_program(path: &Path, script: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, script).unwrap();
    let status = Command::new("install").args(["-m", "755"]).args([&draft, path]).status();
    assert!(status.unwrap().success());
    fs::remove_file(draft).unwrap();
}
