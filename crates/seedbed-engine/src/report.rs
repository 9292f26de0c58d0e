//! The report of a run.

use std::time::Duration;

use seedbed_build::{Name, ScriptKind};
use seedbed_config::Hint;
use serde::Serialize;

use crate::direction::Direction;
use crate::notices::Notice;
use crate::plan::Step;

/// The report of a run, script by script. A failed run has one too.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RunReport {
    /// The scripts that were applied or reverted, in the order in which they ran. All of them are committed.
    pub done: Vec<Outcome>,
    /// The problems that the run found, one sentence each, with what to do about it.
    pub warnings: Vec<Hint>,
    /// The notices that the server sent while the scripts ran.
    pub notices: Vec<Notice>,
}

impl RunReport {
    pub(crate) fn add(&mut self, step: &Step, elapsed: Duration) {
        self.done.push(Outcome {
            kind: step.kind,
            name: step.name.clone(),
            direction: step.direction,
            elapsed,
        });
    }
}

/// One script that was applied or reverted.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The kind of the script: migration or seed.
    pub kind: ScriptKind,
    /// The name of the script in the history.
    pub name: Name,
    /// The direction of the script.
    pub direction: Direction,
    /// The duration of the script; in JSON, in milliseconds.
    #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
}

fn milliseconds<S: serde::Serializer>(
    elapsed: &Duration,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
}
