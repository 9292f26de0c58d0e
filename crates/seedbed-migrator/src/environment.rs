//! Checks of the environment's name against the environments that the project has seeds for.

use seedbed_engine::{Environment, Environments, Project};

use crate::command_error::CommandError;

/// Fails with a usage error if the name is a misspelled name of a known environment.
pub(crate) fn ensure_not_misspelled(
    project: &Project,
    environment: &Environment,
) -> Result<(), CommandError> {
    known_environments(project)
        .ensure_not_misspelled(environment)
        .map_err(|error| CommandError::usage(error.to_string(), error.hint()))
}

/// Returns a warning if the environment has no seeds and is not a standard environment.
pub(crate) fn no_seeds_warning(project: &Project, environment: &Environment) -> Option<String> {
    let known = known_environments(project);
    if known.contains(environment) {
        return None;
    }
    let others = match known.folders().map(Environment::as_str).collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        names => format!("; environments with seeds: {}", names.join(", ")),
    };
    Some(format!("no seed is for the environment `{environment}`{others}"))
}

fn known_environments(project: &Project) -> Environments {
    project.seeds.iter().filter_map(|seed| seed.only_environment()).collect()
}
