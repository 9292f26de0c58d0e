//! Cleans up before a SeaORM file without a transaction runs again. Its statements do not pass through the schema.

use std::collections::HashSet;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::{ConcurrentRunner, INVALID_INDEXES};
use crate::concurrent_statement::{LoggedStatement, PendingDetach};
use crate::error::StatementError;
use crate::event::Event;

impl ConcurrentRunner<'_> {
    /// Logs which indexes are invalid before a SeaORM file runs. After an interrupted run, drops the invalid indexes that it
    /// left, and finishes detaching the partitions that it left pending.
    pub(crate) async fn prepare_sea_orm(&self) -> Result<(), sqlx::Error> {
        self.session().execute("SET lock_timeout = 0").await?;
        let invalid = self.invalid_indexes().await?;
        let pending = self.pending_detaches().await?;
        let logged = if self.step.resumes_interrupted {
            self.log.logged_statements(self.step).await?
        } else {
            Vec::new()
        };
        let before = logged.into_iter().find_map(|logged_statement| match logged_statement {
            LoggedStatement::SeaOrm { invalid_indexes, pending_detaches } => {
                Some((invalid_indexes, pending_detaches))
            }
            _ => None,
        });
        let Some((before, pending_before)) = before else {
            let (invalid_indexes, pending_detaches) = (invalid, Some(pending));
            let logged_statement = LoggedStatement::SeaOrm { invalid_indexes, pending_detaches };
            return self.log.log_statement(self.step, &logged_statement).await;
        };
        for index in invalid.iter().filter(|index| !before.contains(index)) {
            self.session().execute(format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")).await?;
            self.monitor.report(&Event::DroppedInvalidIndex { index });
        }
        // An earlier version did not log them, so it is not known whose they are.
        let Some(pending_before) = pending_before else {
            return Ok(());
        };
        for detach in pending.iter().filter(|detach| !pending_before.contains(detach)) {
            let PendingDetach { table, partition } = detach;
            let finalize = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
            self.session().execute(finalize).await?;
            self.monitor.report(&Event::FinishedDetach { table, partition });
        }
        Ok(())
    }

    /// Returns the partitions whose detaching was started and not finished.
    async fn pending_detaches(&self) -> Result<Vec<PendingDetach>, sqlx::Error> {
        let sql = "SELECT format('%I.%I', tn.nspname, t.relname) AS table, \
            format('%I.%I', pn.nspname, p.relname) AS partition \
            FROM pg_catalog.pg_inherits i \
            JOIN pg_catalog.pg_class t ON t.oid = i.inhparent \
            JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace \
            JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid \
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace \
            WHERE i.inhdetachpending";
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
