//! What `migrator` is made of: commands, printing, progress, exit codes.
//!
//! [`main`] is the whole program. Each command is a file in `commands/`, with one `run` that connects,
//! calls the engine and prints. Data goes to stdout, everything else to stderr.
//!
//! | exit code | meaning |
//! | --- | --- |
//! | 0 | done, also when there was nothing to do |
//! | 1 | failed; `schema --diff`: the two differ |
//! | 2 | wrong use, decided without disk or database |
//! | 3 | `--exit-code`: not everything is applied and clean |
//! | 130 | interrupted |
#![deny(missing_docs)]

mod args;
mod commands;
mod context;
mod environment;
mod failure;
mod interrupt;
mod output;
mod spinner;

pub use seedbed_engine as engine;

use std::process::ExitCode;

use clap::Parser as _;
use seedbed_engine::Project;

/// Runs the command that the arguments name, on the scripts of that project.
///
/// Not async and not generic, so that nothing of it is compiled again with an edited script.
#[must_use]
pub fn main(project: &Project) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        if !seedbed_engine::script_panicked(panic) {
            anstream::eprintln!("error: {panic}");
        }
    }));
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return failure::wrong_arguments(&error),
    };
    match context::Context::new(project, &args) {
        Ok(context) => failure::exit_code(&context, commands::run(project, &args, &context)),
        Err(failure) => failure::exit_code_without_context(args.common.json, &failure),
    }
}
