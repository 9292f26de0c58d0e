//! Finds the seeds whose rows are lost when a reverted migration drops a table.
//!
//! When a seed is applied, the log stores the names of the tables that it wrote to. When a migration is reverted and
//! drops one of these tables, or creates an empty one under its name, the seed becomes pending again, and the log stores
//! the reason. If the migration renames the table, the log stores the new name. All of that is part of the transaction of
//! the migration. The log identifies tables by name: a database that was restored from a dump has other OIDs.

use std::collections::{BTreeMap, HashMap, HashSet};

use seedbed_build::{Name, ScriptKind};
use serde::Deserialize;
use sqlx::Row as _;

use super::Apply;
use crate::direction::Direction;
use crate::lost_rows::LostRows;
use crate::plan::Step;
use crate::transaction::Transaction;

/// The tables of the database, and those that the applied seeds filled, before a migration is reverted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SeedTables {
    /// The tables that the seeds filled, by their names. A table may have been dropped since.
    filled: Vec<FilledTable>,
    /// The seeds whose tables are unknown: they were applied without a transaction, or before the log stored tables.
    unknown: Vec<Name>,
    /// All tables.
    existing: Vec<ExistingTable>,
}

#[derive(Debug, Deserialize)]
struct FilledTable {
    seed: Name,
    table: String,
}

/// A table, with its name as SQL text with the schema.
#[derive(Debug, Deserialize)]
struct ExistingTable {
    name: String,
    oid: i64,
}

/// The effect of a reverted migration on the applied seeds.
#[derive(Debug, Default)]
pub(super) struct SeedLosses {
    /// The seeds that are pending again, by their names.
    pub(super) lost: BTreeMap<Name, LostRows>,
    /// The seeds whose tables were renamed, with the current names of all their tables.
    pub(super) renamed: BTreeMap<Name, Vec<String>>,
    /// The seeds that may have lost rows: a table was dropped, and the log does not know which tables these seeds filled.
    pub(super) unknown: Vec<Name>,
}

/// The query for all tables of users, with the columns `name` and `oid`. The OIDs below 16384 are those of the server's own
/// tables.
const EXISTING: &str = "\
    SELECT format('%I.%I', n.nspname, c.relname) AS name, c.oid::bigint AS oid FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384";

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
    /// Reads the tables, and the names of those that the applied seeds filled. Returns `None` unless the step reverts a
    /// migration and the history of the seeds exists.
    pub(super) async fn seed_tables(&self, step: &Step) -> anyhow::Result<Option<SeedTables>> {
        let reverts = step.kind == ScriptKind::Migration && step.direction == Direction::Down;
        if !reverts || !self.tables.has_history(ScriptKind::Seed) {
            return Ok(None);
        }
        let sql = format!(
            "WITH applied AS (SELECT s.version AS seed, l.details -> 'tables' AS tables FROM {seeds} s \
               LEFT JOIN LATERAL (SELECT details FROM {log} WHERE kind = 'seed' AND name = s.version \
                 AND direction = 'up' AND result IN ('done', 'renamed') ORDER BY id DESC LIMIT 1) l ON true) \
             SELECT jsonb_build_object( \
               'filled', (SELECT coalesce(jsonb_agg(jsonb_build_object('seed', seed, 'table', t)), '[]') \
                 FROM applied, jsonb_array_elements_text(tables) t), \
               'unknown', (SELECT coalesce(jsonb_agg(seed), '[]') FROM applied WHERE tables IS NULL), \
               'existing', (SELECT coalesce(jsonb_agg(e), '[]') FROM ({EXISTING}) e))::text",
            seeds = self.tables.history(ScriptKind::Seed),
            log = self.tables.log(),
        );
        let row = self.session.row(sql).await?;
        Ok(Some(serde_json::from_str(row.try_get(0)?)?))
    }

    /// Returns the seeds that lose rows, and those whose tables have another name now. Compares the tables of `before` with
    /// the tables after the migration was reverted, inside the transaction of the migration.
    pub(super) async fn seed_losses(
        &self,
        step: &Step,
        before: &SeedTables,
        transaction: &Transaction,
    ) -> anyhow::Result<SeedLosses> {
        let sql = format!("SELECT coalesce(jsonb_agg(e), '[]')::text AS value FROM ({EXISTING}) e");
        let after: String = transaction.query_value(self.session, sql).await?;
        let after: Vec<ExistingTable> = serde_json::from_str(&after)?;
        let name_after: HashMap<i64, &str> =
            after.iter().map(|table| (table.oid, table.name.as_str())).collect();
        let oid_after: HashMap<&str, i64> =
            after.iter().map(|table| (table.name.as_str(), table.oid)).collect();
        let oid_before: HashMap<&str, i64> =
            before.existing.iter().map(|table| (table.name.as_str(), table.oid)).collect();
        let oids_before: HashSet<i64> = before.existing.iter().map(|table| table.oid).collect();
        let mut losses = SeedLosses::default();
        let mut tables: BTreeMap<&Name, Vec<String>> = BTreeMap::new();
        for FilledTable { seed, table } in &before.filled {
            let old = oid_before.get(table.as_str());
            let kept_name = old.and_then(|oid| name_after.get(oid)).copied();
            tables.entry(seed).or_default().push(kept_name.unwrap_or(table).to_owned());
            if let Some(name) = kept_name {
                if name != table {
                    losses.renamed.insert(seed.clone(), Vec::new());
                }
                continue;
            }
            // The table does not exist, or it has existed only since this revert.
            let new = oid_after.get(table.as_str()).filter(|oid| !oids_before.contains(oid));
            let is_empty = match new {
                Some(oid) => self.is_empty(table, *oid, transaction).await?,
                None => old.is_some(),
            };
            if is_empty {
                let lost = losses.lost.entry(seed.clone());
                let lost = lost.or_insert_with(|| LostRows::new(step.name.clone()));
                let list = if old.is_some() { &mut lost.tables } else { &mut lost.created_again };
                list.push(table.clone());
            }
        }
        losses.renamed.retain(|seed, _| !losses.lost.contains_key(seed));
        for (seed, names) in &mut losses.renamed {
            *names = tables.remove(seed).unwrap_or_default();
        }
        if oids_before.iter().any(|oid| !name_after.contains_key(oid)) {
            losses.unknown.clone_from(&before.unknown);
        }
        Ok(losses)
    }

    /// Returns whether a table has no rows. A table that the role may not read counts as empty.
    async fn is_empty(
        &self,
        table: &str,
        oid: i64,
        transaction: &Transaction,
    ) -> anyhow::Result<bool> {
        let may_read = format!("SELECT has_table_privilege({oid}::oid, 'SELECT') AS value");
        if !transaction.query_value::<bool>(self.session, may_read).await? {
            return Ok(true);
        }
        let is_empty = format!("SELECT NOT EXISTS (SELECT FROM {table}) AS value");
        transaction.query_value(self.session, is_empty).await
    }
}
