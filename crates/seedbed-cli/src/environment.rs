//! Whether an environment is one.

use seedbed_engine::{Environment, Environments, Project};

use crate::failure::Failure;

/// Refuses a name that is almost a known one.
///
/// # Errors
/// Wrong use.
pub(crate) fn refuse_slip(project: &Project, environment: &Environment) -> Result<(), Failure> {
    known(project)
        .refuse_slip(environment)
        .map_err(|error| Failure::wrong_use(error.to_string(), error.hint()))
}

/// What to say to who runs the seeds of an environment that has none, and is none of the usual ones.
pub(crate) fn without_seeds(project: &Project, environment: &Environment) -> Option<String> {
    let known = known(project);
    if known.knows(environment) {
        return None;
    }
    let others = match known.folders().map(Environment::as_str).collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        some => format!("; there are some for {}", some.join(", ")),
    };
    Some(format!("no seed is for the environment {environment}{others}"))
}

fn known(project: &Project) -> Environments {
    project.seeds.iter().filter_map(|seed| seed.only_environment()).collect()
}
