//! The problems that do not stop a run.

use seedbed_build::{Name, ScriptKind};

use super::command_prefix;
use crate::direction::Direction;

/// A problem that does not stop a run, except with `--strict`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// The script is pending, but older than the newest applied script.
    #[error("`{file}` is out of order: `{newest}` is newer and already applied")]
    OutOfOrder {
        /// The file of the pending script.
        file: String,
        /// The newest applied script.
        newest: String,
    },
    /// The script is applied, but its file has changed since.
    #[error("`{file}` has changed since it was applied")]
    Modified {
        /// The file.
        file: String,
    },
    /// The script is applied, but its file is missing.
    #[error("`{name}` is applied, but its file is missing")]
    Missing {
        /// The name in the history.
        name: Name,
    },
    /// The script was started without a transaction and never finished, and its file is missing.
    #[error(
        "`{name}` was started and not finished, and its file is missing; restore the file (`git log \
         --diff-filter=D -- '*{name}.rs'` finds it), or write one of that name whose `up` finishes the work; then run \
         `migrate-up --name {name}`. After `migrate-down --name {name}`, the file can be deleted"
    )]
    InterruptedMissing {
        /// The name of the script.
        name: Name,
    },
    /// The script that is reverted first was not applied last.
    #[error(
        "`{first}` is reverted first, because its name is the newest, but `{last}` was applied last; \
         `make {}-down name={last}` reverts that one",
        command_prefix(*kind)
    )]
    NotAppliedLast {
        /// The kind of the scripts: migrations or seeds.
        kind: ScriptKind,
        /// The name of the script that is reverted first.
        first: Name,
        /// The name of the script that was applied last.
        last: Name,
    },
    /// The script was started without a transaction and never finished, and is not part of this run.
    #[error(
        "{} of `{file}` was interrupted; `make {}-{} name={name}` starts it again",
        match direction { Direction::Up => "the run", Direction::Down => "the revert" },
        command_prefix(*kind),
        direction.as_str()
    )]
    Interrupted {
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
        /// The name of the script.
        name: Name,
        /// The file of the script.
        file: String,
        /// The direction in which the script was started.
        direction: Direction,
    },
}
