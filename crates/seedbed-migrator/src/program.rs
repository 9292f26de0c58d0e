//! The `main` of a `migrator`: reads the arguments, runs the command, and chooses the exit code.

use std::process::ExitCode;

use clap::Parser as _;
use seedbed_engine::{Project, Script};

use crate::args::Args;
use crate::config::{Config, Seeds};
use crate::{command_error, commands, print};

/// Runs the command that the arguments name on the scripts of the project.
///
/// The function is neither async nor generic, so that rustc does not recompile this crate after an edit of a script.
#[must_use]
pub fn main(project: &Project) -> ExitCode {
    run(project, Seeds::Linked)
}

/// Runs the command that the arguments name, as [`main`] does, in a program that links no seeds. Refuses the commands
/// that need seeds. Does not check whether the name of the environment is misspelled, because the seeds define
/// environments.
#[must_use]
pub fn main_without_seeds(migrations: &'static [&'static Script]) -> ExitCode {
    run(&Project { migrations, seeds: &[] }, Seeds::NotLinked)
}

fn run(project: &Project, seeds: Seeds) -> ExitCode {
    // The run reports the panic of a script as an error of the script.
    std::panic::set_hook(Box::new(|panic| {
        if !seedbed_engine::script_panicked(panic) {
            print::stderr_line(&format!("error: {panic}"));
        }
    }));
    let code = run_command(project, seeds);
    match print::stdout_error() {
        None => code,
        Some(error) => command_error::report_stdout_error(error),
    }
}

fn run_command(project: &Project, seeds: Seeds) -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return command_error::report_argument_error(&error),
    };
    match Config::new(project, seeds, &args) {
        Ok(config) => command_error::exit_code(&config, commands::run(project, &args, &config)),
        Err(error) => command_error::report_error(args.common.json, &error),
    }
}
