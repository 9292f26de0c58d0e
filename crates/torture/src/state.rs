//! The state of a database, so that two databases can be compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use seedbed::{Direction, ScriptKind};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

/// A script, by its kind and its name in the history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct ScriptId {
    /// The kind of the script: migration or seed.
    pub kind: ScriptKind,
    /// The name of the script.
    pub name: String,
}

impl fmt::Display for ScriptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// The result in an entry of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggedResult {
    /// A script without a transaction began.
    Started,
    /// A script was applied or reverted.
    Done,
    /// A transactional script failed.
    Failed,
    /// A script without a transaction failed.
    Interrupted,
    /// A concurrent statement is about to run.
    Statement,
    /// A seed is pending again, because a migration dropped its table.
    Lost,
}

/// An entry of `seedbed_log`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LogRow {
    /// The script.
    #[serde(flatten)]
    pub script: ScriptId,
    /// The direction of the script.
    pub direction: Direction,
    /// The result.
    pub result: LoggedResult,
}

/// The applied scripts.
pub type AppliedScripts = BTreeSet<ScriptId>;

/// The tables, views, types and functions by name. The sorted lines of each object describe it in the catalog, its
/// indexes, constraints and triggers, and its rows.
pub type Objects = BTreeMap<String, Vec<String>>;

/// The state of a database that must be the same after a disturbed run and after an undisturbed run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DatabaseState {
    /// Both histories.
    pub history: AppliedScripts,
    /// The project's own objects, not the history tables.
    pub objects: Objects,
    /// The entries of the log, in their order.
    pub log: Vec<LogRow>,
}

/// The SQL list of Seedbed's own tables, and of the sequence of one of them.
const OURS: &str = "('seaql_migrations', 'seaql_seeds', 'seedbed_log', 'seedbed_log_id_seq')";

impl DatabaseState {
    /// Reads the state. No other session may change the database meanwhile.
    ///
    /// # Errors
    /// Returns the error of the server.
    pub async fn read(connection: &mut PgConnection) -> anyhow::Result<Self> {
        let mut objects = Objects::new();
        for (object, line) in pairs(connection, &structure_sql()).await? {
            objects.entry(object).or_default().push(line);
        }
        let tables = pairs(connection, &tables_sql()).await?;
        let mut own_tables = BTreeSet::new();
        let mut row_queries = Vec::new();
        for (name, sql) in tables {
            match sql.as_str() {
                "" => drop(own_tables.insert(name)),
                sql => row_queries.push(sql.to_owned()),
            }
        }
        if !row_queries.is_empty() {
            for (object, line) in pairs(connection, &row_queries.join(" UNION ALL ")).await? {
                objects.entry(object).or_default().push(line);
            }
        }
        objects.values_mut().for_each(|lines| lines.sort());
        let mut history = AppliedScripts::new();
        for (table, kind) in
            [("seaql_migrations", ScriptKind::Migration), ("seaql_seeds", ScriptKind::Seed)]
        {
            if own_tables.contains(table) {
                let names =
                    pairs(connection, &format!("SELECT version::text, '' FROM {table}")).await?;
                history.extend(names.into_iter().map(|(name, _)| ScriptId { kind, name }));
            }
        }
        let mut log = Vec::new();
        if own_tables.contains("seedbed_log") {
            let sql = "SELECT to_jsonb(l)::text, '' FROM (SELECT kind, name, direction, result FROM seedbed_log ORDER BY id) l";
            for (entry, _) in pairs(connection, sql).await? {
                log.push(serde_json::from_str(&entry)?);
            }
        }
        Ok(Self { history, objects, log })
    }

    /// Returns the scripts that the log records as applied or reverted, in the order of the log.
    pub fn done(&self) -> impl Iterator<Item = &LogRow> {
        self.log.iter().filter(|entry| entry.result == LoggedResult::Done)
    }
}

/// Runs a query with two columns of text.
async fn pairs(connection: &mut PgConnection, sql: &str) -> anyhow::Result<Vec<(String, String)>> {
    let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in &rows {
        let line: Option<String> = row.try_get(1)?;
        pairs.push((row.try_get(0)?, line.unwrap_or_else(|| "NULL".to_owned())));
    }
    Ok(pairs)
}

/// Returns a query with a row for each table. The first column has the name of a table of Seedbed, and the second one is
/// empty. For any other table, the first column is empty, and the second one has a query for the rows of the table.
fn tables_sql() -> String {
    format!(
        "SELECT CASE WHEN c.relname IN {OURS} THEN c.relname::text ELSE '' END, \
           CASE WHEN c.relname IN {OURS} THEN '' ELSE \
             format('SELECT %L, ''row '' || t::text FROM ONLY %I.%I t', n.nspname || '.' || c.relname, n.nspname, c.relname) END \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    )
}

/// Returns a query of the catalog with an object and a line in each row. The object of everything that belongs to a table is
/// the table.
///
/// The lines number the columns by their order, and not by `attnum`. PostgreSQL never reuses the `attnum` of a dropped column,
/// so a column that was dropped and added again has another one.
fn structure_sql() -> String {
    format!(
        "WITH relations AS ( \
           SELECT c.*, n.nspname || '.' || c.relname AS object FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
           WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relname NOT IN {OURS}) \
         SELECT object, concat_ws(' ', 'relation', relkind, relpersistence, relispartition, reloptions, relacl, \
           pg_get_expr(relpartbound, oid), obj_description(oid, 'pg_class'), pg_get_partkeydef(oid), \
           CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END) \
         FROM relations WHERE relkind NOT IN ('i', 'I') \
         UNION ALL SELECT r.object, concat_ws(' ', 'column', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname, \
           format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, \
           pg_get_expr(d.adbin, d.adrelid), col_description(r.oid, a.attnum)) \
         FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum WHERE r.relkind NOT IN ('i', 'I') \
         UNION ALL SELECT r.object, concat_ws(' ', 'constraint', n.conname, pg_get_constraintdef(n.oid), \
           'validated', n.convalidated, n.conislocal, n.coninhcount) \
         FROM relations r JOIN pg_constraint n ON n.conrelid = r.oid \
         UNION ALL SELECT r.object, concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid), 'valid', i.indisvalid, \
           'ready', i.indisready, 'live', i.indislive, 'unique', i.indisunique, 'primary', i.indisprimary, \
           (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = i.indexrelid)) \
         FROM relations r JOIN pg_index i ON i.indrelid = r.oid \
         UNION ALL SELECT r.object, concat_ws(' ', 'child of', h.inhparent::regclass, 'detach pending', h.inhdetachpending) \
         FROM relations r JOIN pg_inherits h ON h.inhrelid = r.oid WHERE r.relkind NOT IN ('i', 'I') \
         UNION ALL SELECT r.object, concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled) \
         FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal \
         UNION ALL SELECT 'function ' || p.oid::regprocedure, md5(pg_get_functiondef(p.oid)) \
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public' WHERE p.prokind IN ('f', 'p') \
         UNION ALL SELECT 'enum ' || e.enumtypid::regtype, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) \
         FROM pg_enum e GROUP BY e.enumtypid \
         UNION ALL SELECT 'schema ' || nspname, concat_ws(' ', nspacl) FROM pg_namespace \
         WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
}
