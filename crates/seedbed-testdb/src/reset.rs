//! Resets a used instance, so that it equals its template again.
//!
//! A reset can undo only changes of rows and sequences. If a test has done anything else (it created a table or a
//! function, changed a setting of the database, prepared a transaction), the instance is dropped.
//!
//! ```text
//!  used ── terminate_other_sessions ──► inspect ──► only rows and sequences changed?
//!                                                     │ yes                   │ no
//!                                                     ▼                       ▼
//!                              TRUNCATE, COPY, setval: Reset::Done     Reset::Impossible
//! ```
//!
//! The statistics of the server prove that nothing else changed (see [`statistics`]). The server counts tuples of a
//! transaction that was rolled back too, but it may not count tuples that a canceled `COPY` had buffered. For this
//! reason, if any transaction was rolled back, a table also counts as written to if its file is not empty.

mod snapshot;
mod statistics;

use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use snapshot::{
    ANALYZED_TABLES, DATABASE_PROPERTIES, IndexSize, SequenceSnapshot, TableRows, TableSnapshot,
};
pub(crate) use snapshot::{TableData, TemplateSnapshot};
pub(crate) use statistics::StatsSnapshot;
use statistics::{EPOCH, IS_COUNTED, ROLLED_BACK, WRITTEN_TUPLES, counters_sql};

/// The outcome of a reset.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reset {
    /// The instance equals its template. The value has its current statistics, with which the next reset compares.
    Done(StatsSnapshot),
    /// The instance does not equal its template, and must be dropped.
    Impossible(DropReason),
}

/// The reason why an instance cannot be reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// A session in the instance was terminated and does not end.
    SessionDoesNotEnd,
    /// Another session connected during the reset, with the URL of the last test, and may have written to the instance.
    SessionConnected,
    /// The server does not count the tuples that are written in the instance.
    WritesNotCounted,
    /// The statistics of the instance were reset during the test.
    StatisticsReset,
    /// The settings or privileges of the instance changed, or the instance has a prepared transaction, a replication
    /// slot or a subscription.
    DatabasePropertiesChanged,
    /// The registry holds no statistics to compare with.
    NoBaseline,
    /// The catalog was written to.
    SchemaChanged,
    /// A table was vacuumed or analyzed.
    VacuumedOrAnalyzed,
    /// Rows changed in a table whose rows are not stored.
    RowsNotRestorable,
    /// The registry does not hold the rows of a table.
    RowsMissing,
}

/// The findings of an inspection of an instance after a test.
#[derive(Debug)]
pub(crate) struct Inspection {
    stats: StatsSnapshot,
    /// Whether the server counts the tuples that are written in the instance.
    is_counted: bool,
    /// The tables that are empty in the template and were written to.
    written_tables: Vec<u32>,
    /// The number of tables that have been vacuumed or analyzed.
    analyzed_tables: i64,
    /// The result of [`DATABASE_PROPERTIES`].
    database_properties: String,
}

/// The clause that selects the other sessions in this database.
const FROM_OTHER_SESSIONS: &str = "\
    FROM pg_stat_get_activity(NULL) WHERE pid <> pg_backend_pid() \
    AND datid = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Terminates all other sessions in the instance that `session` is in, and returns the number of sessions.
pub(crate) async fn terminate_other_sessions(
    session: &mut PgConnection,
) -> Result<i64, sqlx::Error> {
    let sql = format!("SELECT count(pg_terminate_backend(pid)) {FROM_OTHER_SESSIONS}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(session).await
}

impl TemplateSnapshot {
    /// Returns the statistics of a clone that no session has been in. PostgreSQL begins to count when the clone is
    /// created.
    pub(crate) fn baseline_of_new_clone(&self, stats_epoch: &str) -> StatsSnapshot {
        StatsSnapshot {
            // Two counters of the database, and one counter for each table with rows, as in `counters_sql`.
            counters: vec![0; 2 + self.tables_with_rows().count()],
            // As in `EPOCH`, a space and the time of the last reset follow. The statistics of a new database were never
            // reset, so the time is empty.
            epoch: format!("{stats_epoch} "),
        }
    }

    /// Inspects the effects of ended sessions on the instance. Returns `None` if another session is in it.
    ///
    /// A session adds its writes to the statistics before it disappears, so they are complete when no session is left.
    pub(crate) async fn inspect(
        &self,
        session: &mut PgConnection,
        baseline: &StatsSnapshot,
    ) -> Result<Option<Inspection>, sqlx::Error> {
        let written_tables = "UNION ALL SELECT t FROM written UNION ALL SELECT toast FROM written";
        let sql = format!(
            "WITH written AS MATERIALIZED (SELECT t, toast FROM unnest($3, $4) q (t, toast) \
             WHERE {WRITTEN_TUPLES} > 0 OR (SELECT $5 <> {ROLLED_BACK}) AND pg_relation_size(t) > 0) \
             SELECT {}, {EPOCH}, {IS_COUNTED}, ARRAY(SELECT t FROM written) AS written_tables, \
             ({ANALYZED_TABLES}) AS analyzed_tables, ({DATABASE_PROPERTIES}) AS database_properties \
             WHERE NOT EXISTS (SELECT {FROM_OTHER_SESSIONS})",
            counters_sql(written_tables)
        );
        let (empty, toasts) = self.oids(|rows| *rows == TableRows::None);
        let inspect = self.bind_tables_with_rows(sqlx::query(AssertSqlSafe(sql)));
        let rolled_back = baseline.counters.get(1).copied().unwrap_or_default();
        let inspect = inspect.bind(empty).bind(toasts).bind(rolled_back);
        let Some(row) = inspect.fetch_optional(session).await? else {
            return Ok(None);
        };
        let written_tables: Vec<Oid> = row.try_get("written_tables")?;
        let (counters, epoch) = (row.try_get("counters")?, row.try_get("epoch")?);
        Ok(Some(Inspection {
            stats: StatsSnapshot { counters, epoch },
            is_counted: row.try_get("is_counted")?,
            written_tables: written_tables.into_iter().map(|Oid(oid)| oid).collect(),
            analyzed_tables: row.try_get("analyzed_tables")?,
            database_properties: row.try_get("database_properties")?,
        }))
    }

    fn bind_tables_with_rows<'q>(&self, query: PgQuery<'q>) -> PgQuery<'q> {
        let (tables, toasts) = self.oids(|rows| *rows != TableRows::None);
        query.bind(tables).bind(toasts)
    }

    /// Returns the tables that must be emptied, and refilled if they have rows in the template.
    ///
    /// # Errors
    /// Fails if anything but rows and sequences may have changed.
    fn tables_to_empty(
        &self,
        inspection: &Inspection,
        baseline: &StatsSnapshot,
    ) -> Result<Vec<&TableSnapshot>, DropReason> {
        if !inspection.is_counted {
            return Err(DropReason::WritesNotCounted);
        }
        if inspection.stats.epoch != baseline.epoch {
            return Err(DropReason::StatisticsReset);
        }
        if inspection.database_properties != self.database_properties {
            return Err(DropReason::DatabasePropertiesChanged);
        }
        let ([catalog, _, tables @ ..], [catalog_before, _, tables_before @ ..]) =
            (&*inspection.stats.counters, &*baseline.counters)
        else {
            return Err(DropReason::NoBaseline);
        };
        if catalog != catalog_before || tables.len() != tables_before.len() {
            return Err(DropReason::SchemaChanged);
        }
        if inspection.analyzed_tables != self.analyzed_tables {
            return Err(DropReason::VacuumedOrAnalyzed);
        }
        let changed = tables.iter().zip(tables_before).map(|(after, before)| after != before);
        let with_rows = self.tables_with_rows().zip(changed).filter(|(_, changed)| *changed);
        let mut written: Vec<&TableSnapshot> = with_rows.map(|(table, _)| table).collect();
        if written.iter().any(|table| table.rows == TableRows::NotRestorable) {
            return Err(DropReason::RowsNotRestorable);
        }
        let is_written = |table: &&TableSnapshot| inspection.written_tables.contains(&table.oid);
        written.extend(self.tables.iter().filter(is_written));
        Ok(written)
    }

    /// Makes an instance equal to its template if only rows and sequences changed. No session but `session` is in it.
    pub(crate) async fn reset(
        &self,
        session: &mut PgConnection,
        baseline: &StatsSnapshot,
        inspection: Inspection,
        table_data: &[TableData],
    ) -> Result<Reset, sqlx::Error> {
        let written = match self.tables_to_empty(&inspection, baseline) {
            Ok(written) => written,
            Err(reason) => return Ok(Reset::Impossible(reason)),
        };
        if written.is_empty() {
            if let Some(sql) = self.set_sequences_sql() {
                session.execute(AssertSqlSafe(sql)).await?;
            }
            return Ok(Reset::Done(inspection.stats));
        }
        // The statistics that are read next must include the writes of this session itself.
        let flush = format!("SELECT pg_stat_force_next_flush(); {}", reset_counters_sql(&written));
        if !self.refill(session, &written, table_data, &flush).await? {
            return Ok(Reset::Impossible(DropReason::RowsMissing));
        }
        let sql = format!(
            "SELECT {}, {EPOCH} WHERE NOT EXISTS (SELECT {FROM_OTHER_SESSIONS}) AND (SELECT {IS_COUNTED})",
            counters_sql("")
        );
        let read_stats = self.bind_tables_with_rows(sqlx::query(AssertSqlSafe(sql)));
        let Some(row) = read_stats.fetch_optional(session).await? else {
            return Ok(Reset::Impossible(DropReason::SessionConnected));
        };
        let (counters, epoch) = (row.try_get("counters")?, row.try_get("epoch")?);
        Ok(Reset::Done(StatsSnapshot { counters, epoch }))
    }

    /// Refills the tables of a new template as a reset does, so that an instance after a reset equals a new clone.
    ///
    /// Afterward, the rows are in order and without gaps, and no sequence has cached values. No session but `session`
    /// is in the template.
    pub(crate) async fn normalize(
        &self,
        session: &mut PgConnection,
        table_data: &[TableData],
    ) -> Result<(), sqlx::Error> {
        // Policies can hide rows from a role that is not a superuser. The instances of such a role are not reset anyway.
        let is_superuser = "SELECT current_setting('is_superuser')::bool";
        if !sqlx::query_scalar(is_superuser).fetch_one(&mut *session).await? {
            return Ok(());
        }
        let is_stored = |table: &&TableSnapshot| matches!(table.rows, TableRows::Stored { .. });
        let stored: Vec<&TableSnapshot> = self.tables.iter().filter(is_stored).collect();
        if self.refill(session, &stored, table_data, "").await.is_err() {
            // A check that is newer than the rows rejects them. The instances are dropped instead of reset.
            session.execute("ROLLBACK").await?;
        }
        Ok(())
    }

    /// Empties the tables, fills them with their stored rows, and resets the sequences, in one transaction. Executes
    /// `after_commit` after the transaction. Returns false if the rows of a table are missing.
    async fn refill(
        &self,
        session: &mut PgConnection,
        tables: &[&TableSnapshot],
        table_data: &[TableData],
        after_commit: &str,
    ) -> Result<bool, sqlx::Error> {
        let (mut sql, restore_catalog) = empty_tables_sql(tables);
        for table in tables {
            let TableRows::Stored { columns } = &table.rows else {
                continue;
            };
            let Some(TableData { rows, .. }) =
                table_data.iter().find(|table_data| table_data.table == table.oid)
            else {
                return Ok(false);
            };
            if !sql.is_empty() {
                session.execute(AssertSqlSafe(std::mem::take(&mut sql))).await?;
            }
            let copy = format!("COPY {} ({columns}) FROM STDIN (FORMAT binary)", table.name);
            let mut copy = session.copy_in_raw(&copy).await?;
            copy.send(rows.as_slice()).await?;
            copy.finish().await?;
        }
        sql += &restore_catalog;
        sql += &self.set_sequences_sql().unwrap_or_default();
        sql += "COMMIT; ";
        sql += after_commit;
        session.execute(AssertSqlSafe(sql)).await?;
        Ok(true)
    }

    /// Returns the statement that resets all sequences. The statistics do not show whether a value was drawn.
    fn set_sequences_sql(&self) -> Option<String> {
        let rows = self.sequences.iter().map(|sequence| {
            let SequenceSnapshot { oid, value, is_called } = sequence;
            format!("({oid}::regclass, {value}::bigint, {is_called})")
        });
        let rows: Vec<String> = rows.collect();
        let rows = (!rows.is_empty()).then(|| rows.join(", "))?;
        Some(format!("SELECT count(setval(s, v, c)) FROM (VALUES {rows}) q (s, v, c); "))
    }
}

type PgQuery<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// Returns the statement that resets the counters of emptied tables. The counters start again with the next row.
fn reset_counters_sql(written: &[&TableSnapshot]) -> String {
    let emptied = written.iter().filter(|table| table.rows == TableRows::None);
    let oids = emptied.flat_map(|table| [table.oid, table.toast]).filter(|oid| *oid != 0);
    let oids: Vec<String> = oids.map(|oid| oid.to_string()).collect();
    if oids.is_empty() {
        return String::new();
    }
    format!(
        "SELECT count(pg_stat_reset_single_table_counters(t)) FROM unnest('{{{}}}'::oid[]) t; ",
        oids.join(",")
    )
}

/// Returns the statements that begin a transaction and empty the tables, and the statements that restore the catalog
/// after the tables were refilled.
///
/// TRUNCATE gives a table the files of a new one. But TRUNCATE refuses a table that foreign keys refer to, even if no
/// row does. It looks for foreign keys only if the table has triggers, so for this transaction the catalog says that
/// the table has none. No other session is in the database. Without triggers, none fires when the rows are copied. The
/// setting `session_replication_role` would have the same effect, but a change of it invalidates all cached plans.
fn empty_tables_sql(tables: &[&TableSnapshot]) -> (String, String) {
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let with_triggers: Vec<&&TableSnapshot> =
        tables.iter().filter(|table| table.has_triggers).collect();
    let oids: Vec<String> = with_triggers.iter().map(|table| table.oid.to_string()).collect();
    let hide_triggers =
        format!("UPDATE pg_class SET relhastriggers = false WHERE oid IN ({}); ", oids.join(", "));
    let indexes = tables.iter().flat_map(|table| &table.index_sizes);
    let indexes = indexes
        .map(|IndexSize { oid, pages, tuples }| format!("({oid}, {pages}, {tuples}, false)"));
    let triggers = with_triggers.iter().map(|table| format!("({}, 0, -1, true)", table.oid));
    let rows: Vec<String> = indexes.chain(triggers).collect();
    let restore_catalog = format!(
        "UPDATE pg_class c SET relpages = p, reltuples = t, relhastriggers = h \
         FROM (VALUES {}) q (o, p, t, h) WHERE c.oid = o::oid \
         AND (relpages, reltuples, relhastriggers) IS DISTINCT FROM (p, t, h); ",
        rows.join(", ")
    );
    let empty = format!(
        "BEGIN; {}{}",
        if with_triggers.is_empty() { "" } else { &hide_triggers },
        if names.is_empty() {
            String::new()
        } else {
            format!("TRUNCATE ONLY {}; ", names.join(", ONLY "))
        },
    );
    (empty, if rows.is_empty() { String::new() } else { restore_catalog })
}
