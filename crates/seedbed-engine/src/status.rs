//! The states of the scripts.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use seedbed_build::{Name, ScriptKind};
use serde::Serialize;

use crate::history::History;
use crate::history_store::AppliedTime;
use crate::lost_rows::LostRows;
use crate::plan::newest_applied;
use crate::script::Scripts;

/// The state of a script, according to its file and the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScriptState {
    /// The script is in the history.
    Applied,
    /// The script has not run yet.
    Pending,
    /// The script is pending, but older than the newest applied script.
    OutOfOrder,
    /// The script is applied, but its file has changed since.
    Modified,
    /// The script is applied, but its file is missing.
    Missing,
    /// The script was started without a transaction, and never finished.
    Interrupted,
}

impl ScriptState {
    /// Returns the word for the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::OutOfOrder => "out of order",
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The state of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptStatus {
    /// The kind of the script: migration or seed.
    pub kind: ScriptKind,
    /// The name of the script in the history.
    pub name: Name,
    /// The state of the script.
    pub state: ScriptState,
    /// The time at which the script was applied, in seconds since 1970.
    pub applied_at: Option<i64>,
    /// The duration of the script; `None` if the log does not know it.
    pub elapsed: Option<Duration>,
    /// The file of the script, if it exists.
    pub file: Option<&'static str>,
    /// The reason why a seed that was applied before is pending.
    pub lost_rows: Option<LostRows>,
}

/// Returns the state of every script of one kind that runs in this environment, in the order of the names.
pub(crate) fn status(
    available: &Scripts,
    history: &History,
    times: &HashMap<Name, AppliedTime>,
) -> Vec<ScriptStatus> {
    let newest = newest_applied(available, history);
    let names: BTreeSet<&Name> =
        available.iter().map(|(name, _)| name).chain(history.rows.keys()).collect();
    names
        .into_iter()
        .filter(|name| !available.belongs_to_other_environment(name))
        .map(|name| {
            let script = available.get(name);
            let row = history.rows.get(name);
            let applied = row.is_some_and(|row| row.applied);
            let time = times.get(name);
            let applied_checksum = row.and_then(|row| row.checksum.as_deref());
            let state = match (script, applied) {
                _ if row.is_some_and(|row| row.interrupted.is_some()) => ScriptState::Interrupted,
                (None, _) => ScriptState::Missing,
                (Some(script), true)
                    if applied_checksum.is_some_and(|applied| applied != script.checksum) =>
                {
                    ScriptState::Modified
                }
                (Some(_), true) => ScriptState::Applied,
                (Some(_), false) if newest.is_some_and(|newest| name < newest) => {
                    ScriptState::OutOfOrder
                }
                (Some(_), false) => ScriptState::Pending,
            };
            ScriptStatus {
                kind: available.kind(),
                name: name.clone(),
                state,
                applied_at: time.map(|time| time.applied_at),
                elapsed: time.and_then(|time| time.elapsed),
                file: script.map(|script| script.file),
                lost_rows: None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
