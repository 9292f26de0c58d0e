//! A `migrator` whose project is chosen by the variable `FIXTURE`, for the tests beside it.

mod generated;
mod projects;
mod scripts;
mod seaorm_files;

use std::process::ExitCode;

fn main() -> ExitCode {
    let name = std::env::var("FIXTURE").unwrap_or_else(|_| "plain".to_owned());
    let Some(project) = projects::named(&name) else {
        eprintln!("there is no fixture {name}; see crates/acceptance/src/projects.rs");
        return ExitCode::from(2);
    };
    seedbed::cli::main(&project)
}

/// What a generated script imports.
mod prelude {
    pub(crate) use seedbed::prelude::*;
}
