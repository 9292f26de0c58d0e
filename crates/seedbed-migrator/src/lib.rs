//! The command line of a `migrator`: its commands, output, progress and exit codes.
//!
//! [`main`] is the whole program. Each command is a file in `commands/`, with one function `run` that connects, calls the
//! engine and prints. Data goes to stdout, everything else to stderr.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | success, also if there was nothing to do |
//! | 1 | failure, also to write to stdout, or a difference found by `schema --diff` |
//! | 2 | usage error, found without disk or database |
//! | 3 | a script is not applied or not clean, with `--exit-code` |
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
