//! Explains why a script failed, from what the database, the script files and the history contain.

mod dependents;
mod existing;
mod missing;
mod object_name;
mod restart;

use seedbed_config::{Hint, SuggestedCommand};

use super::Apply;
use crate::plan::Step;

impl Apply<'_> {
    /// Returns the first hint that fits the error, or `None` if the error needs none of these hints. The queries run in
    /// the session, so the transaction of the script must have been rolled back.
    pub(super) async fn explain(
        &self,
        step: &Step,
        error: &anyhow::Error,
        statement: Option<&str>,
    ) -> Option<Hint> {
        let mut explained = self.explain_existing(step, error, statement).await;
        if explained.is_none() {
            explained = self.explain_missing(step, error, statement).await;
        }
        if explained.is_none() {
            explained = self.explain_dependents(step, error).await;
        }
        explained.or_else(|| restart::explain_restart(step, error))
    }
}

/// Returns the command that records the script as applied.
fn record_applied(step: &Step) -> SuggestedCommand {
    SuggestedCommand::RecordApplied { kind: step.kind, name: step.name.to_string() }
}
