//! The statistics of PostgreSQL, which show everything that a test has written.
//!
//! The server counts the tuples that are written to each table and to the whole database. A tuple that was written to
//! the database but not to a table of the template was written to the catalog. For this reason, every change of the
//! schema shows, even if it was rolled back.

/// The statistics of an instance that equals its template. A difference shows that a test has written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatsSnapshot {
    /// The counters of [`counters_sql`].
    pub(crate) counters: Vec<i64>,
    /// The time at which the statistics of the server and of the database were last reset.
    pub(crate) epoch: String,
}

/// The query for the time since which the statistics count, as `epoch`.
///
/// A crash resets all statistics, and `pg_stat_reset` resets the statistics of a database.
pub(super) const EPOCH: &str = "\
    concat_ws(' ', (SELECT stats_reset::text FROM pg_stat_archiver), coalesce((SELECT \
    pg_stat_get_db_stat_reset_time(oid)::text FROM pg_database WHERE datname = current_database()), \
    '')) AS epoch";

/// The expression that says whether the statistics count the writes of this database.
pub(super) const IS_COUNTED: &str = "current_setting('track_counts')::bool AS is_counted";

/// The expression that counts the tuples that were ever written to the table `t`.
pub(super) const WRITTEN_TUPLES: &str = "pg_stat_get_tuples_inserted(t) + pg_stat_get_tuples_updated(t) \
    + pg_stat_get_tuples_deleted(t)";

/// The query for the number of transactions that were ever rolled back in this database.
pub(super) const ROLLED_BACK: &str = "\
    pg_stat_get_db_xact_rollback(oid) FROM pg_database WHERE datname = current_database()";

/// Returns the expression of [`StatsSnapshot::counters`].
///
/// The array contains the number of tuples written to the catalog, the number of transactions rolled back, and for each
/// table that has rows in the template the number of tuples written to it.
///
/// The first number is the number of tuples written to the whole database, minus those written to tables. `$1` are the
/// tables with rows, and `$2` are their TOAST tables. `written_tables` adds the other tables that were written to.
/// Their counters are reset when the tables are emptied.
pub(super) fn counters_sql(written_tables: &str) -> String {
    format!(
        "ARRAY[(SELECT pg_stat_get_db_tuples_inserted(oid) + pg_stat_get_db_tuples_updated(oid) \
         + pg_stat_get_db_tuples_deleted(oid) FROM pg_database WHERE datname = current_database()) \
         - coalesce((SELECT sum({WRITTEN_TUPLES})::bigint FROM \
         (SELECT unnest($1) UNION ALL SELECT unnest($2) {written_tables}) q (t)), 0), \
         (SELECT {ROLLED_BACK})] || ARRAY(SELECT {WRITTEN_TUPLES} FROM unnest($1) WITH ORDINALITY u (t, n) \
         ORDER BY n) AS counters"
    )
}
