//! The command line of a `migrator` binary.

/// Runs the command that the arguments name on the scripts of the project, and returns the exit code.
///
/// It is the whole `main` of a `migrator`:
///
/// ```
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     let project = seedbed::Project { migrations: &[], seeds: &[] };
///     # if true { return ExitCode::SUCCESS }
///     seedbed::cli::main(&project)
/// }
/// ```
pub use seedbed_migrator::main;
