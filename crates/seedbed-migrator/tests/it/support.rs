//! The helpers that several tests of wrong input share.

use test_fixture::ProcessOutput;

/// A password that is in many of the inputs, and in none of the outputs.
pub(crate) const SECRET: &str = "s3cr3t-Pa55";

/// Checks that the command ended with the given code, with one error and a hint, and without a panic or a password.
#[track_caller]
pub(crate) fn assert_refused(finished: ProcessOutput, code: i32) -> ProcessOutput {
    let finished = finished.exited_with(code).output_lacks([SECRET, "panicked", "RUST_BACKTRACE"]);
    assert_eq!(finished.stderr.matches("error: ").count(), 1, "{finished}");
    finished
}
