//! The command line of a `migrator`: its commands, output, progress and exit codes.
//!
//! [`main`] is the whole program. Each command is a file in `commands/`, with one function `run` that connects, calls
//! the engine and prints. Data goes to stdout, everything else to stderr.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | success, even if there was nothing to do |
//! | 1 | failure, even if only stdout could not be written; a difference that `schema --diff` found; a fault that `migrate-verify` found |
//! | 2 | usage error: the command line, the environment or the `.env` file is wrong |
//! | 3 | with `--exit-code`, a script is in a state other than *applied* |
//! | 130 | interrupted |
#![deny(missing_docs)]

mod args;
mod command_error;
mod commands;
mod config;
mod environment;
mod exclusion;
mod output;
mod print;
mod program;
mod signals;
mod spinner;
mod verify;

pub use program::{main, main_without_seeds};
pub use seedbed_engine as engine;
