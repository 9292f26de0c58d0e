//! The `main` of a `migrator`: reads the arguments, runs the command, and chooses the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use seedbed_engine::Project;

use crate::args::Args;
use crate::config::Config;
use crate::{command_error, commands, print};

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
    let code = run(project);
    match print::stdout_error() {
        None => code,
        Some(error) => command_error::report_stdout_error(error),
    }
}

fn run(project: &Project) -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return command_error::report_argument_error(&error),
    };
    match Config::new(project, &args) {
        Ok(config) => command_error::exit_code(&config, commands::run(project, &args, &config)),
        Err(error) => command_error::report_error(args.common.json, &error),
    }
}
