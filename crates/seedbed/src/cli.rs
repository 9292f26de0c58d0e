//! The command line of a `migrator` binary.

/// Runs the command that the arguments name on the scripts of the project, and returns the exit code. The `main` of a
/// `migrator` consists of a call of this function:
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

/// Runs the command that the arguments name, as [`main`] does, in a program that links no seeds and no entities.
///
/// `seedbed` builds this program for the commands that need only the migrations, so that those commands work while entities
/// and seeds do not compile:
///
/// ```
/// use std::process::ExitCode;
///
/// static MIGRATIONS: &[&seedbed::Script] = &[];
///
/// fn main() -> ExitCode {
///     # if true { return ExitCode::SUCCESS }
///     seedbed::cli::main_without_seeds(MIGRATIONS)
/// }
/// ```
pub use seedbed_migrator::main_without_seeds;
