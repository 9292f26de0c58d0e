//! Corrects the history by name. Runs no script.

use std::collections::HashSet;
use std::time::Duration;

use seedbed_build::{Name, ScriptKind};

use super::Runner;
use crate::direction::Direction;
use crate::error::Error;
use crate::history_store::{
    HistoryTables, LogEntry, LogResult, OtherLocks, WriteCondition, changed_sql, log_sql,
};
use crate::lock::{self, LockKey};
use crate::plan::{PlanError, Selector, find_script};
use crate::standby::ensure_primary;
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
    /// Fails if a name is unknown, or if the database rejects a write to the history.
    pub async fn repair(
        &self,
        kind: ScriptKind,
        repairs: &[Repair],
    ) -> Result<Vec<RepairedScript>, Error> {
        ensure_primary(self.session)?;
        let (tables, _) = self.cancellation.run_until_cancelled(self.read_histories()).await??;
        let (lock, _) = self.take_lock(&tables).await?;
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
        if let Some(sql) = tables.create_sql(kind) {
            self.session
                .execute(sql)
                .await
                .map_err(|error| self.create_tables_error(&tables, error))?;
        }
        let mut applied: HashSet<Name> = histories.for_kind(kind).applied().cloned().collect();
        let mut entries = Vec::with_capacity(repairs.len());
        for repair in repairs {
            let (given, direction) = match repair {
                Repair::Applied(name) => (name, Direction::Up),
                Repair::NotApplied(name) => (name, Direction::Down),
            };
            let scripts = self.scripts(kind);
            let name = find_script(scripts, histories.for_kind(kind), given)?;
            let script = scripts.get(&name);
            if direction == Direction::Up && script.is_none() {
                return Err(PlanError::FileGone { name }.into());
            }
            let changes = match direction {
                Direction::Up => applied.insert(name.clone()),
                Direction::Down => applied.remove(&name),
            };
            let entry = LogEntry {
                kind,
                name,
                direction,
                checksum: script.map_or("", |script| script.checksum),
                elapsed: Duration::ZERO,
                details: Some("'{\"repaired\": true}'::jsonb".to_owned()),
            };
            entries.push((entry, changes));
        }
        self.write_repairs(&tables, lock, &entries).await?;
        let after = self.status(kind).await?;
        let state = |list: &[ScriptStatus], name: &Name| {
            list.iter().find(|status| status.name == *name).map(|status| status.state)
        };
        let repaired = entries.into_iter().map(|(entry, _)| RepairedScript {
            before: state(&before, &entry.name),
            after: state(&after, &entry.name),
            name: entry.name,
        });
        Ok(repaired.collect())
    }

    /// Writes the entries in one transaction of the session that holds the lock. The flag of an entry says whether it changes
    /// the history.
    async fn write_repairs(
        &self,
        tables: &HistoryTables,
        lock: LockKey,
        entries: &[(LogEntry, bool)],
    ) -> Result<(), Error> {
        let write = async {
            let transaction = Transaction::begin_own(self.session).await?;
            let (pid, locks) = (self.session.pid, OtherLocks::Kept);
            let condition =
                WriteCondition { pid, lock, transaction: Some(transaction.id()), locks };
            let write = |(entry, changes): &(LogEntry, bool)| match changes {
                true => changed_sql(tables, entry, LogResult::Done, condition),
                false => log_sql(tables, entry, LogResult::Done, condition),
            };
            let statements: Vec<String> = entries.iter().map(write).collect();
            let written = transaction.execute(self.session, statements.join("; ")).await?;
            if written != entries.len() as u64 {
                return Err(unrecorded_error(self.session, Some(&transaction), lock).await);
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
            Err(error) => Error::SessionLost {
                doing: format!("before it could {doing}"),
                reason: format!("{error:#}"),
            },
        })
    }
}
