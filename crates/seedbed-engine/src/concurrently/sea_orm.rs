//! Cleans up before a SeaORM file without a transaction runs again. The statements of such a file do not pass through
//! the schema.

use std::collections::HashSet;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::{ConcurrentRunner, INVALID_INDEXES};
use crate::concurrent_statement::{LoggedStatement, PendingDetach};
use crate::error::StatementError;
use crate::event::Event;

impl ConcurrentRunner<'_> {
    /// Logs which indexes are invalid, and which partitions are being detached, before a SeaORM file runs. Also turns the
    /// lock timeout off, because any statement of the file may be a concurrent one.
    pub(crate) async fn prepare_sea_orm(&self) -> Result<(), sqlx::Error> {
        self.session().execute("SET lock_timeout = 0").await?;
        let logged_statement = LoggedStatement::SeaOrm {
            invalid_indexes: self.invalid_indexes().await?,
            pending_detaches: Some(self.pending_detaches("true").await?),
        };
        self.log.log_statement(self.step, &logged_statement).await
    }

    /// Drops the invalid indexes and finishes the pending detaches that an interrupted run of a SeaORM file left.
    ///
    /// The engine does not see the statements of the file. An invalid index or a pending detach counts as left by the
    /// earlier run if it did not exist before that run and no live session works on it. A detach must also have begun
    /// before that run ended, if the run logged its end.
    pub(super) async fn clean_up_sea_orm(&self) -> Result<(), sqlx::Error> {
        let logged = self.log.logged_statements(self.step).await?;
        let before = logged.into_iter().rev().find_map(|logged_statement| match logged_statement {
            LoggedStatement::SeaOrm { invalid_indexes, pending_detaches } => {
                Some((invalid_indexes, pending_detaches))
            }
            _ => None,
        });
        let Some((invalid_before, pending_before)) = before else {
            return Ok(());
        };
        let invalid = self.invalid_indexes().await?;
        for index in invalid.iter().filter(|index| !invalid_before.contains(index)) {
            self.drop_index(index).await?;
        }
        // Earlier versions of Seedbed did not log the pending detaches, so it is not known which session started them.
        let Some(pending_before) = pending_before else {
            return Ok(());
        };
        let begun_later = format!(
            "EXISTS (SELECT FROM ({}) ended (xid) WHERE age(i.xmin) < age(ended.xid))",
            self.log.interruption_sql(self.step)
        );
        let is_left = format!("NOT {IS_DETACHED_BY_LIVE_SESSION} AND NOT {begun_later}");
        let pending = self.pending_detaches(&is_left).await?;
        for detach in pending.iter().filter(|detach| !pending_before.contains(detach)) {
            let PendingDetach { table, partition } = detach;
            let finalize = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
            self.without_lock_timeout(self.session().execute(finalize)).await?;
            self.monitor.report(&Event::FinishedDetach { table, partition });
        }
        Ok(())
    }

    /// Returns the partitions with a pending detach whose row `i` of `pg_inherits` satisfies the SQL condition.
    async fn pending_detaches(&self, condition: &str) -> Result<Vec<PendingDetach>, sqlx::Error> {
        let sql = format!(
            "SELECT format('%I.%I', tn.nspname, t.relname) AS table, \
             format('%I.%I', pn.nspname, p.relname) AS partition \
             FROM pg_catalog.pg_inherits i \
             JOIN pg_catalog.pg_class t ON t.oid = i.inhparent \
             JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace \
             JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid \
             JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace \
             WHERE i.inhdetachpending AND {condition}"
        );
        let rows = self.session().rows(sql).await?;
        let read = |row: &PgRow| {
            Ok(PendingDetach { table: row.try_get("table")?, partition: row.try_get("partition")? })
        };
        rows.iter().map(read).collect()
    }

    /// Fails if the SeaORM file left an invalid index.
    pub(crate) async fn ensure_sea_orm_left_no_invalid_index(&self) -> Result<(), sqlx::Error> {
        let logged = self.log.logged_statements(self.step).await?;
        let before: HashSet<String> = logged
            .into_iter()
            .flat_map(|logged_statement| match logged_statement {
                LoggedStatement::SeaOrm { invalid_indexes, .. } => invalid_indexes,
                _ => Vec::new(),
            })
            .collect();
        match self.invalid_indexes().await?.into_iter().find(|index| !before.contains(index)) {
            Some(index) => Err(StatementError::InvalidIndex { index }.into()),
            None => Ok(()),
        }
    }

    async fn invalid_indexes(&self) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.session().rows(INVALID_INDEXES).await?;
        rows.iter().map(|row| row.try_get("name")).collect()
    }
}

/// The SQL condition that a live session is detaching the partition of the row `i` of `pg_inherits`. Such a session waits
/// for a transaction that uses the partitioned table, or for the lock on the partition.
const IS_DETACHED_BY_LIVE_SESSION: &str = "\
    EXISTS (SELECT FROM pg_catalog.pg_locks waiting \
      LEFT JOIN pg_catalog.pg_locks held ON waiting.locktype = 'virtualxid' \
        AND held.virtualtransaction = waiting.virtualxid AND held.relation = i.inhparent \
      WHERE NOT waiting.granted AND (held.pid IS NOT NULL \
        OR (waiting.relation = i.inhrelid AND waiting.mode = 'AccessExclusiveLock')))";
