//! Corrects the history by name. Runs no script.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use seedbed_build::{Name, ScriptKind};

use super::Runner;
use crate::direction::Direction;
use crate::error::{Error, RowSuppressed};
use crate::history::History;
use crate::history_store::{
    HistoryTables, LogEntry, LogResult, OtherLocks, WriteCondition, changed_sql, log_sql,
};
use crate::lock::{self, LockKey};
use crate::plan::{PlanError, Selector, find_script};
use crate::status::{ScriptState, ScriptStatus};
use crate::transaction::{Transaction, unrecorded_error};

/// A correction of the history of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Records the script as applied with its current file: accepts a modified script, settles an interrupted one, or adds a
    /// pending one.
    Applied(Selector),
    /// Records the script as not applied: settles an interrupted script, or forgets a missing one.
    NotApplied(Selector),
    /// Records an applied script as not applied, so that the next run applies it a second time.
    RunAgain(Selector),
}

/// A script whose history was corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedScript {
    /// The name of the script.
    pub name: Name,
    /// The state before the repair; `None` if the script was in neither the history nor the folder.
    pub before: Option<ScriptState>,
    /// The state after the repair; `None` if the script is in neither the history nor the folder.
    pub after: Option<ScriptState>,
}

impl Runner<'_> {
    /// Corrects the history of the given scripts, all of them or none, and returns the states of each before and after.
    ///
    /// # Errors
    /// Fails if a name is unknown or is given with two different repairs, if an applied script whose file exists is to be
    /// recorded as not applied, or if the database rejects a write to the history.
    pub async fn repair(
        &self,
        kind: ScriptKind,
        repairs: &[Repair],
    ) -> Result<Vec<RepairedScript>, Error> {
        self.session.ensure_read_write()?;
        let (tables, _) = self.cancellation.run_until_canceled(self.read_histories()).await??;
        self.ensure_no_history_in_other_schema(&tables).await?;
        let (lock, _) = self.acquire_lock(&tables).await?;
        let result = self.repair_locked(kind, repairs, lock).await;
        lock::release(self.session, self.session.pid).await;
        result
    }

    async fn repair_locked(
        &self,
        kind: ScriptKind,
        repairs: &[Repair],
        lock: LockKey,
    ) -> Result<Vec<RepairedScript>, Error> {
        let (tables, histories) = self.read_histories().await?;
        let before = self.status(kind).await?;
        let planned = self.plan_repairs(kind, repairs, histories.for_kind(kind), &before)?;
        let entries: Vec<&LogEntry> = planned.values().flatten().collect();
        if !entries.is_empty() {
            self.create_tables(kind, &tables).await?;
            let history = histories.for_kind(kind);
            self.access_history(|| self.write_repairs(&tables, lock, history, &entries)).await?;
        }
        let after = self.status(kind).await?;
        let repaired = planned.into_keys().map(|name| RepairedScript {
            before: state_of(&name, &before),
            after: state_of(&name, &after),
            name,
        });
        Ok(repaired.collect())
    }

    /// Returns the entry to write for each script, by its name; `None` if the script already has the requested state.
    fn plan_repairs(
        &self,
        kind: ScriptKind,
        repairs: &[Repair],
        history: &History,
        before: &[ScriptStatus],
    ) -> Result<BTreeMap<Name, Option<LogEntry>>, PlanError> {
        use ScriptState::{Applied, Modified, OutOfOrder, Pending};
        let scripts = self.scripts(kind);
        let mut planned = BTreeMap::new();
        let mut requested: HashMap<Name, Direction> = HashMap::new();
        for repair in repairs {
            let (given, direction) = match repair {
                Repair::Applied(name) => (name, Direction::Up),
                Repair::NotApplied(name) | Repair::RunAgain(name) => (name, Direction::Down),
            };
            let name = find_script(scripts, history, given)?;
            let script = scripts.get(&name);
            if requested.insert(name.clone(), direction).is_some_and(|other| other != direction) {
                return Err(PlanError::RepairedInTwoWays { name });
            }
            // Whether the history already says what the repair asks for.
            let is_settled = match (repair, state_of(&name, before), script) {
                (Repair::Applied(_), _, None) => return Err(PlanError::FileGone { kind, name }),
                (Repair::NotApplied(_), Some(Applied | Modified), Some(script)) => {
                    return Err(PlanError::StillApplied {
                        kind,
                        file: script.file.to_owned(),
                        name,
                    });
                }
                (Repair::Applied(_), state, _) => state == Some(Applied),
                (_, state, _) => matches!(state, Some(Pending | OutOfOrder)),
            };
            let entry = (!is_settled).then(|| LogEntry {
                kind,
                name: name.clone(),
                direction,
                checksum: script.map_or("", |script| script.checksum),
                elapsed: Duration::ZERO,
                details: Some("'{\"repaired\": true}'::jsonb".to_owned()),
            });
            planned.insert(name, entry);
        }
        Ok(planned)
    }

    /// Writes the entries in one transaction of the session that holds the lock.
    async fn write_repairs(
        &self,
        tables: &HistoryTables,
        lock: LockKey,
        history: &History,
        entries: &[&LogEntry],
    ) -> Result<(), Error> {
        let write = async {
            let transaction = Transaction::begin_own(self.session).await?;
            let (pid, locks) = (self.session.pid, OtherLocks::Kept);
            let condition =
                WriteCondition { pid, lock, transaction: Some(transaction.id()), locks };
            let write = |entry: &&LogEntry| {
                let is_applied = history.applied().any(|name| *name == entry.name);
                // If the history has the right row already, as for a modified script, only the log changes.
                match is_applied == (entry.direction == Direction::Up) {
                    true => log_sql(tables, entry, LogResult::Done, condition),
                    false => changed_sql(tables, entry, LogResult::Done, condition),
                }
            };
            let statements: Vec<String> = entries.iter().map(write).collect();
            let written = transaction.execute(self.session, statements.join("; ")).await?;
            if written != entries.len() as u64 {
                return Err(unrecorded_error(self.session, Some(&transaction), lock, tables).await);
            }
            transaction.commit(self.session).await
        };
        let Err(error) = write.await else {
            return Ok(());
        };
        // No entry is committed: PostgreSQL rolls the transaction back if the session is lost.
        let _ = self.session.execute("ROLLBACK").await;
        let doing = "correct the history";
        Err(match error.downcast::<sqlx::Error>() {
            Ok(error) => Error::database(doing)(error),
            Err(error) => match error.downcast_ref::<RowSuppressed>() {
                Some(suppressed) => Error::NotRecorded {
                    reason: suppressed.to_string(),
                    statement: suppressed.disable_sql(),
                },
                None => Error::SessionLost {
                    doing: format!("before Seedbed could {doing}"),
                    reason: format!("{error:#}"),
                },
            },
        })
    }
}

fn state_of(name: &Name, list: &[ScriptStatus]) -> Option<ScriptState> {
    list.iter().find(|status| status.name == *name).map(|status| status.state)
}
