//! For tests.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Writes a program. The file is written by a process of its own: were it open for writing here
/// while another test forks, running it would fail with "text file busy".
pub(crate) fn write_program(path: &Path, script: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, script).unwrap();
    let status = Command::new("install").args(["-m", "755"]).args([&draft, path]).status();
    assert!(status.unwrap().success());
    fs::remove_file(draft).unwrap();
}
