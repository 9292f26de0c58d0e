//! The problems that do not stop a run.

use seedbed_build::{Name, ScriptKind};

use super::command_prefix;
use crate::direction::Direction;

/// A problem that does not stop a run, except with `--strict`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// Pending, but older than the newest applied one.
    #[error("`{file}` is out of order: `{newest}` is newer and already applied")]
    OutOfOrder {
        /// The pending one.
        file: String,
        /// The newest applied one.
        newest: String,
    },
    /// Applied, but its file has changed since.
    #[error("`{file}` has changed since it was applied")]
    Modified {
        /// The file.
        file: String,
    },
    /// Applied, but its file is gone.
    #[error("`{name}` is applied, but its file is missing")]
    Missing {
        /// The name in the history.
        name: Name,
    },
    /// Started without a transaction and never finished, and its file is gone.
    #[error(
        "`{name}` was started and not finished, and its file is missing; restore the file (`git log \
         --diff-filter=D -- '*{name}.rs'` finds it), or write one of that name whose `up` finishes the work; then run \
         `migrate-up --name {name}`. After `migrate-down --name {name}`, the file can be deleted"
    )]
    InterruptedMissing {
        /// Its name.
        name: Name,
    },
    /// The script that is reverted first was not applied last.
    #[error(
        "`{first}` is reverted first, because its name is the newest, but `{last}` was applied last; \
         `make {}-down name={last}` reverts that one",
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
        "{} of `{file}` was interrupted; `make {}-{} name={name}` starts it again",
        match direction { Direction::Up => "the run", Direction::Down => "the revert" },
        command_prefix(*kind),
        direction.as_str()
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
