//! Projects for the tests of the same name.

use seedbed_cli::engine::Project;

/// The project of that name.
pub(crate) fn named(_name: &str) -> Option<Project> {
    None
}
