//! The program that the tests start. It is a `migrator` whose project the variable `FIXTURE` names.

mod projects;
mod scripts;
pub mod sea_orm_files;

use std::process::ExitCode;

use seedbed::Project;

/// Runs the command line over the project that the variable `FIXTURE` names.
#[must_use]
pub fn main() -> ExitCode {
    main_with(|_| None)
}

/// Runs the command line as [`main()`] does. Looks for the project with `find` first, and then among the projects of
/// this crate.
pub fn main_with(find: impl FnOnce(&str) -> Option<Project>) -> ExitCode {
    let name = std::env::var("FIXTURE").unwrap_or_else(|_| "plain".to_owned());
    let Some(project) = find(&name).or_else(|| projects::find(&name)) else {
        eprintln!("error: there is no fixture project `{name}`");
        eprintln!("hint: crates/test-fixture/src/migrator/projects.rs lists the projects");
        return ExitCode::from(2);
    };
    seedbed::cli::main(&project)
}
