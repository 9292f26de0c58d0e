//! The problems that do not stop a run.

use seedbed_build::{Name, ScriptKind};

use crate::direction::Direction;
use seedbed_config::{Hint, SuggestedCommand};

/// A problem that does not stop a run, except with `--strict`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanWarning {
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
    #[error("`{name}` was started and not finished, and its file is missing")]
    InterruptedMissing {
        /// The kind of the script: migration or seed.
        kind: ScriptKind,
        /// The name of the script.
        name: Name,
    },
    /// The script that is reverted first was not applied last.
    #[error(
        "`{first}` is reverted first, because its name is the newest, but `{last}` was applied last"
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
        "{} of `{file}` was interrupted",
        match direction { Direction::Up => "the run", Direction::Down => "the revert" }
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
        /// Whether the history says that the script is applied.
        is_applied: bool,
    },
}

impl PlanWarning {
    /// Returns what to do about the problem.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::OutOfOrder { .. } | Self::Modified { .. } | Self::Missing { .. } => return None,
            Self::InterruptedMissing { kind, name } => {
                let kind = *kind;
                let up = SuggestedCommand::Up { kind, name: Some(name.clone()) };
                Hint::text(format!(
                    "`git log --diff-filter=D -- '*{name}.rs'` finds the commit that deleted the file; restore the file, or \
                     write a new one with this name whose `up` finishes the work, and run "
                ))
                .then_command(up)
                .then("; after that, to remove the script for good, run ")
                .then_command(SuggestedCommand::Down { kind, name: name.clone() })
                .then(" and delete the file")
            }
            Self::NotAppliedLast { kind, last, .. } => {
                Hint::command(SuggestedCommand::Down { kind: *kind, name: last.clone() })
                    .then(" reverts that one")
            }
            // The script was recorded as applied by another tool, so no command starts it again.
            Self::Interrupted {
                kind, name, direction: Direction::Up, is_applied: true, ..
            } => Hint::text("it is in the history all the same: ")
                .then_command(SuggestedCommand::RecordApplied {
                    kind: *kind,
                    name: name.to_string(),
                })
                .then(" accepts it as applied"),
            Self::Interrupted { kind, name, direction, .. } => {
                let (kind, name) = (*kind, name.clone());
                Hint::command(match direction {
                    Direction::Up => SuggestedCommand::Up { kind, name: Some(name) },
                    Direction::Down => SuggestedCommand::Down { kind, name },
                })
                .then(" starts it again")
            }
        })
    }

    /// Returns the problem and what to do about it, in one sentence.
    #[must_use]
    pub fn report(&self) -> Hint {
        let message = Hint::text(self.to_string());
        match self.hint() {
            Some(hint) => message.then("; ").then_hint(hint),
            None => message,
        }
    }
}
