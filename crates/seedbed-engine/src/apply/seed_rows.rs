//! Finds the seeds whose rows are lost when a reverted migration drops a table.
//!
//! When a seed is applied, the log stores the names of the tables that it wrote to. When a migration is reverted and
//! drops one of these tables, or replaces it with another table of the same name, the seed becomes pending again, and
//! the log stores the reason. All of that is part of the transaction of the migration. The log identifies tables by
//! name: a database that was restored from a dump has other OIDs.

use std::collections::BTreeMap;

use seedbed_build::{Name, ScriptKind};
use seedbed_sql::quote_literal;
use serde::Deserialize;
use sqlx::Row as _;

use super::Apply;
use crate::direction::Direction;
use crate::lost_rows::LostRows;
use crate::plan::Step;
use crate::transaction::Transaction;

/// The tables that the applied seeds wrote to, before a migration is reverted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SeedTables {
    tables: Vec<SeedTable>,
    /// The seeds whose tables are unknown: they were applied without a transaction, or before the log stored tables.
    unknown: Vec<Name>,
    /// The OIDs of all tables; empty unless there are seeds in `unknown`.
    all_tables: Vec<i64>,
}

#[derive(Debug, Deserialize)]
struct SeedTable {
    seed: Name,
    table: String,
    oid: i64,
}

/// The effect of a reverted migration on the applied seeds.
#[derive(Debug, Default)]
pub(super) struct SeedLosses {
    /// The seeds that are pending again, by their names.
    pub(super) lost: BTreeMap<Name, LostRows>,
    /// The seeds that may have lost rows: a table was dropped, and the log does not know which tables these seeds filled.
    pub(super) unknown: Vec<Name>,
}

/// Returns the SQL expression for the details of an applied seed: the tables that its transaction has locked for writing.
pub(super) fn written_tables_sql() -> String {
    format!(
        "\
    (SELECT jsonb_build_object('tables', coalesce(jsonb_agg(DISTINCT format('%I.%I', n.nspname, c.relname)), '[]')) \
    FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.mode = 'RowExclusiveLock' \
    AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'pg_toast') \
    AND c.relname NOT IN ({}))",
        seedbed_sql::own_tables_sql()
    )
}

impl Apply<'_> {
    /// Reads the names of the tables that the applied seeds filled. Returns `None` unless the step reverts a migration
    /// and the history of the seeds exists. The OIDs below 16384 are those of the server's own tables.
    pub(super) async fn seed_tables(&self, step: &Step) -> anyhow::Result<Option<SeedTables>> {
        let reverts = step.kind == ScriptKind::Migration && step.direction == Direction::Down;
        if !reverts || !self.tables.has_history(ScriptKind::Seed) {
            return Ok(None);
        }
        let sql = format!(
            "WITH applied AS (SELECT s.version AS seed, l.details -> 'tables' AS tables FROM {seeds} s \
               LEFT JOIN LATERAL (SELECT details FROM {log} WHERE kind = 'seed' AND name = s.version \
                 AND direction = 'up' AND result = 'done' ORDER BY id DESC LIMIT 1) l ON true) \
             SELECT jsonb_build_object( \
               'tables', (SELECT coalesce(jsonb_agg(jsonb_build_object('seed', seed, 'table', t, \
                 'oid', to_regclass(t)::oid::bigint)), '[]') \
                 FROM applied, jsonb_array_elements_text(tables) t WHERE to_regclass(t) IS NOT NULL), \
               'unknown', (SELECT coalesce(jsonb_agg(seed), '[]') FROM applied WHERE tables IS NULL), \
               'all_tables', (SELECT coalesce(jsonb_agg(oid::bigint), '[]') FROM pg_catalog.pg_class \
                 WHERE relkind IN ('r', 'p') AND oid >= 16384 \
                 AND EXISTS (SELECT FROM applied WHERE tables IS NULL)))::text",
            seeds = self.tables.history(ScriptKind::Seed),
            log = self.tables.log(),
        );
        let row = self.session.row(sql).await?;
        Ok(Some(serde_json::from_str(row.try_get(0)?)?))
    }

    /// Returns the seeds that lose rows. Compares the tables of `before` with the tables after the migration was
    /// reverted, inside the transaction of the migration.
    pub(super) async fn seed_losses(
        &self,
        step: &Step,
        before: &SeedTables,
        transaction: &Transaction,
    ) -> anyhow::Result<SeedLosses> {
        let names: Vec<String> =
            before.tables.iter().map(|table| quote_literal(&table.table)).collect();
        let oids: Vec<String> = before.all_tables.iter().map(ToString::to_string).collect();
        let sql = format!(
            "SELECT jsonb_build_object( \
               'tables', (SELECT coalesce(jsonb_agg(coalesce(to_regclass(t)::oid::bigint, 0) ORDER BY n), '[]') \
                 FROM unnest(ARRAY[{}]::text[]) WITH ORDINALITY AS u (t, n)), \
               'gone', (SELECT count(*) FROM unnest(ARRAY[{}]::bigint[]) o \
                 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = o::oid)))::text AS value",
            names.join(", "),
            oids.join(", ")
        );
        let current: String = transaction.query_value(self.session, sql).await?;
        let current: CurrentTables = serde_json::from_str(&current)?;
        let mut losses = SeedLosses::default();
        for (table, _) in
            before.tables.iter().zip(current.tables).filter(|(table, oid)| table.oid != *oid)
        {
            let lost = losses.lost.entry(table.seed.clone());
            let lost = lost
                .or_insert_with(|| LostRows { tables: Vec::new(), reverted: step.name.clone() });
            lost.tables.push(table.table.clone());
        }
        if current.gone > 0 {
            losses.unknown.clone_from(&before.unknown);
        }
        Ok(losses)
    }
}

/// The tables after the migration was reverted, compared with [`SeedTables`].
#[derive(Debug, Deserialize)]
struct CurrentTables {
    /// The current OID of each of [`SeedTables::tables`], in the same order; 0 for a dropped table.
    tables: Vec<i64>,
    /// The number of [`SeedTables::all_tables`] that no longer exist.
    gone: i64,
}
