//! Records in the history and in the log what happens to a script.

use std::time::Duration;

use seedbed_build::ScriptKind;

use super::Apply;
use super::seed_rows::{SeedLosses, SeedTables, written_tables_sql};
use crate::direction::Direction;
use crate::history_store::{
    LogEntry, LogResult, OtherLocks, WriteCondition, changed_sql, json_sql, log_sql,
    session_mark_sql,
};
use crate::plan::Step;
use crate::script_log::entry;
use crate::transaction::{Transaction, unrecorded_error};

impl Apply<'_> {
    /// Records inside the transaction of a script that the script is done, and resets the session for the next script.
    pub(super) async fn record(
        &self,
        step: &Step,
        elapsed: Duration,
        seeds: Option<&SeedTables>,
        transaction: &Transaction,
    ) -> anyhow::Result<SeedLosses> {
        // The reset is sent in one message with the write to the history if nothing must be queried in between.
        let reset = self.reset.end_of_script_sql();
        let (losses, mut statements) = match seeds {
            None => (SeedLosses::default(), vec![reset]),
            Some(seeds) => {
                transaction.execute(self.session, reset).await?;
                (Box::pin(self.seed_losses(step, seeds, transaction)).await?, Vec::new())
            }
        };
        let rows = 1 + (losses.lost.len() + losses.renamed.len()) as u64;
        statements.extend(self.done_statements(step, elapsed, &losses, transaction)?);
        let written = transaction.execute(self.session, statements.join("; ")).await?;
        if written == rows {
            return Ok(losses);
        }
        Err(unrecorded_error(self.session, Some(transaction), self.lock, self.tables).await)
    }

    /// Returns the statements that record that a script is done, which seeds it made pending, and whose tables it renamed. Each
    /// of them affects one row.
    fn done_statements(
        &self,
        step: &Step,
        elapsed: Duration,
        losses: &SeedLosses,
        transaction: &Transaction,
    ) -> anyhow::Result<Vec<String>> {
        let locks = OtherLocks::Freed;
        let condition =
            WriteCondition { locks, ..self.script_log().write_condition(Some(transaction.id())) };
        let mut done = entry(step, elapsed);
        let is_applied_seed = step.kind == ScriptKind::Seed && step.direction == Direction::Up;
        let mark = session_mark_sql(self.session.mark);
        done.details = Some(if is_applied_seed && step.script.uses_transaction() {
            format!("{} || {mark}", written_tables_sql())
        } else {
            mark
        });
        let mut statements = vec![changed_sql(self.tables, &done, LogResult::Done, condition)];
        for (seed, lost) in &losses.lost {
            let entry = LogEntry {
                kind: ScriptKind::Seed,
                name: seed.clone(),
                direction: Direction::Down,
                details: Some(json_sql(lost)?),
                ..entry(step, Duration::ZERO)
            };
            statements.push(changed_sql(self.tables, &entry, LogResult::Lost, condition));
        }
        for (seed, tables) in &losses.renamed {
            let details = json_sql(&serde_json::json!({ "tables": tables }))?;
            let entry = LogEntry {
                kind: ScriptKind::Seed,
                name: seed.clone(),
                direction: Direction::Up,
                details: Some(details),
                ..entry(step, Duration::ZERO)
            };
            statements.push(log_sql(self.tables, &entry, LogResult::Renamed, condition));
        }
        // The entry of the log has just taken a value from a sequence, and `lastval()` would show it to the next script.
        statements.push("DISCARD SEQUENCES".to_owned());
        Ok(statements)
    }
}
