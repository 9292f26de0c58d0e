//! Formats source with `rustfmt`.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// Formats Rust source with `rustfmt`, with the settings of the `rustfmt.toml` in `folder`, if the file exists.
///
/// # Errors
/// Fails if `rustfmt` is not installed, or rejects the text.
pub fn format(text: &str, folder: &Path) -> io::Result<String> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--emit", "stdout", "--quiet"]);
    let settings = folder.join("rustfmt.toml");
    if settings.is_file() {
        rustfmt.arg("--config-path").arg(settings);
    }
    let mut rustfmt =
        rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let input = rustfmt.stdin.take();
    let text = text.to_owned();
    // A second thread writes the input while this thread reads the output, because each pipe may be smaller than the
    // text.
    let writer =
        thread::spawn(move || input.map_or(Ok(()), |mut pipe| pipe.write_all(text.as_bytes())));
    let output = rustfmt.wait_with_output()?;
    let written = writer
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("failed to send the source to rustfmt")));
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    written?;
    String::from_utf8(output.stdout).map_err(io::Error::other)
}
