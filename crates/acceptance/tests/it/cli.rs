//! Wrong input, and what is printed where: one clear line, a hint, an exit code, and never a password.

mod connections;
mod dry_run;
mod env_file;
mod reset;
mod schema;
mod terminal;
mod urls;
mod usage;
mod versions;

use crate::support::Finished;

/// A password that stands in many of the inputs, and in none of the outputs.
const SECRET: &str = "s3cr3t-Pa55";

/// It ended with that code, with one error and a hint, and without a panic or a password.
#[track_caller]
fn refused(finished: Finished, code: i32) -> Finished {
    let finished = finished.ended_with(code).never_said([SECRET, "panicked", "RUST_BACKTRACE"]);
    assert_eq!(finished.stderr.matches("error: ").count(), 1, "{finished}");
    finished
}
