//! The command line of a `migrator`: its commands, output, progress and exit codes.
//!
//! [`main`] is the whole program. Each command is a file in `commands/`, with one function `run` that connects, calls the
//! engine and prints. Data goes to stdout, everything else to stderr.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | success, also if there was nothing to do |
//! | 1 | failure, or a difference found by `schema --diff` |
//! | 2 | usage error, found without disk or database |
//! | 3 | a script is not applied or not clean, with `--exit-code` |
//! | 130 | interrupted |
#![deny(missing_docs)]

mod args;
mod command_error;
mod commands;
mod config;
mod environment;
mod output;
mod print;
mod signals;
mod spinner;

pub use seedbed_engine as engine;

use std::process::ExitCode;

use clap::Parser as _;
use seedbed_engine::Project;

/// Runs the command that the arguments name on the scripts of the project.
///
/// The function is neither async nor generic, so that rustc compiles none of this crate again after an edit of a script.
#[must_use]
pub fn main(project: &Project) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        if !seedbed_engine::script_panicked(panic) {
            print::stderr_line(&format!("error: {panic}"));
        }
    }));
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return command_error::report_argument_error(&error),
    };
    match config::Config::new(project, &args) {
        Ok(config) => command_error::exit_code(&config, commands::run(project, &args, &config)),
        Err(error) => command_error::report_error(args.common.json, &error),
    }
}
