//! The problems that do not stop a run.

use seedbed_build::{Name, ScriptKind};

use super::command_prefix;
use crate::direction::Direction;

/// A problem that does not stop a run, except with `--strict`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// Pending, but older than the newest applied one.
    #[error("{file} is out of order: {newest} is newer and applied already")]
    OutOfOrder {
        /// The pending one.
        file: String,
        /// The newest applied one.
        newest: String,
    },
    /// Applied, but its file has changed since.
    #[error("{file} has changed since it was applied")]
    Modified {
        /// The file.
        file: String,
    },
    /// Applied, but its file is gone.
    #[error("{name} is applied, but its file is gone")]
    Missing {
        /// The name in the history.
        name: Name,
    },
    /// Started without a transaction and never finished, and its file is gone.
    #[error(
        "{name} was started and never finished, and its file is gone. Bring it back (git log \
         --diff-filter=D -- '*{name}.rs'), or write one of that name whose `up` mends what is left; then \
         `migrate-up --name {name}` ends it, and `migrate-down --name {name}` lets the file go"
    )]
    InterruptedMissing {
        /// Its name.
        name: Name,
    },
    /// The script that is reverted first was not applied last.
    #[error(
        "{} is reverted first, since its name is the newest, but {last} was applied last; \
         `make {}-down name={last}` reverts that one",
        first,
        command_prefix(*kind)
    )]
    NotAppliedLast {
        /// Migration or seed.
        kind: ScriptKind,
        /// The name of the first one that is reverted.
        first: Name,
        /// The name of the one that was applied last.
        last: Name,
    },
    /// Started without a transaction and never finished, and not part of this run.
    #[error(
        "{file}: {} and was not finished; {}",
        match direction { Direction::Up => "it was being applied", Direction::Down => "it was being reverted" },
        match direction {
            Direction::Up => format!("`make {}-up name={name}` starts it again", command_prefix(*kind)),
            Direction::Down => format!("`make {}-down name={name}` starts that again", command_prefix(*kind)),
        }
    )]
    Interrupted {
        /// Migration or seed.
        kind: ScriptKind,
        /// Its name.
        name: Name,
        /// Its file.
        file: String,
        /// What was being done.
        direction: Direction,
    },
}
