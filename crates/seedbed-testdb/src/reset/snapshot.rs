//! The snapshot of a finished template: its tables, their rows, and its sequences.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// The maximum size of a table's file, in bytes, up to which its rows are stored. A reset cannot restore the rows of a
/// larger table.
const MAX_STORED_SIZE: i64 = 1024 * 1024;

/// A template at the time when it was finished. Its instances have the same oids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TemplateSnapshot {
    pub(super) tables: Vec<TableSnapshot>,
    pub(super) sequences: Vec<SequenceSnapshot>,
    /// The number of tables that have been vacuumed or analyzed.
    pub(super) analyzed_tables: i64,
    /// The properties of the database that the server stores outside of it. See [`DATABASE_PROPERTIES`].
    pub(super) database_properties: String,
}

/// A table of a template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TableSnapshot {
    pub(super) oid: u32,
    /// The oid of the TOAST table, or 0 if the table has none.
    pub(super) toast: u32,
    /// The qualified and quoted name.
    pub(super) name: String,
    pub(super) has_triggers: bool,
    /// The sizes of indexes that TRUNCATE changes in the catalog, for the indexes of the table and of its TOAST table.
    pub(super) index_sizes: Vec<IndexSize>,
    pub(super) rows: TableRows,
}

/// The size of an index that the planner uses for estimates before it has statistics. See `estimate_rel_size` in
/// PostgreSQL's `plancat.c`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct IndexSize {
    pub(super) oid: u32,
    pub(super) pages: i32,
    pub(super) tuples: f32,
}

/// Whether a table of a template has rows, and whether a reset can restore them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TableRows {
    /// The table is empty.
    None,
    /// The rows are in the registry, as [`TableData`] of the given columns.
    Stored { columns: String },
    /// There are too many rows, or the table has statistics that emptying the table would remove.
    NotRestorable,
}

/// The state of a sequence in a template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SequenceSnapshot {
    pub(super) oid: u32,
    pub(super) value: i64,
    pub(super) is_called: bool,
}

/// The stored rows of one table of a template.
#[derive(Debug)]
pub(crate) struct TableData {
    /// The oid of the table.
    pub(crate) table: u32,
    /// The rows in the binary format of COPY.
    pub(crate) rows: Vec<u8>,
}

/// The query that counts the tables that have been vacuumed or analyzed, as `analyzed_tables`.
pub(super) const ANALYZED_TABLES: &str = "\
    SELECT count(*) AS analyzed_tables FROM pg_class \
    WHERE oid >= 16384 AND relkind IN ('r', 'm') AND reltuples >= 0";

/// The query for the properties that `CREATE DATABASE` does not copy and the objects that prevent `DROP DATABASE`, as
/// the text `database_properties`.
pub(super) const DATABASE_PROPERTIES: &str = "\
    SELECT concat_ws(' ', d.datdba, d.datallowconn, d.datconnlimit, d.datistemplate, d.datacl, \
    (SELECT description FROM pg_shdescription WHERE objoid = d.oid AND classoid = \
    'pg_database'::regclass), (SELECT string_agg(concat(s.setrole, s.setconfig), ' ' \
    ORDER BY s.setrole) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid), \
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = d.datname), \
    (SELECT count(*) FROM pg_replication_slots WHERE database = d.datname), \
    (SELECT count(*) FROM pg_subscription WHERE subdbid = d.oid)) AS database_properties \
    FROM pg_database d WHERE d.datname = current_database()";

/// The query for the tables and materialized views that were created after `initdb`. Generated columns are not among the
/// columns, because COPY does not accept them.
const TABLES: &str = "\
    SELECT c.oid, c.reltoastrelid, format('%I.%I', n.nspname, c.relname) AS name, c.relhastriggers, \
    c.relkind = 'r' AND c.reltuples < 0 AS never_analyzed, pg_relation_size(c.oid) AS size, \
    coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a \
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '') \
    AS columns FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm') ORDER BY c.oid";

/// The query for the sizes of indexes. An index of a TOAST table counts as one of the table that it belongs to.
const INDEX_SIZES: &str = "\
    SELECT i.indexrelid, coalesce(t.oid, i.indrelid) AS table_oid, c.relpages, c.reltuples FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_class t ON t.reltoastrelid = i.indrelid \
    WHERE i.indexrelid >= 16384 ORDER BY i.indexrelid";

impl TemplateSnapshot {
    /// Reads the snapshot of a template, and the rows that are stored. No other session is in the template.
    pub(crate) async fn read(
        template: &mut PgConnection,
    ) -> Result<(Self, Vec<TableData>), sqlx::Error> {
        let mut tables = Vec::new();
        let mut table_data = Vec::new();
        let mut index_sizes = read_index_sizes(template).await?;
        for row in template.fetch_all(TABLES).await? {
            let (Oid(oid), Oid(toast)) = (row.try_get("oid")?, row.try_get("reltoastrelid")?);
            let name: String = row.try_get("name")?;
            let (size, columns): (i64, String) = (row.try_get("size")?, row.try_get("columns")?);
            let can_be_emptied: bool = row.try_get("never_analyzed")?;
            let rows = if size == 0 && can_be_emptied {
                TableRows::None
            } else if can_be_emptied && size <= MAX_STORED_SIZE && !columns.is_empty() {
                match copy_out(template, &name, &columns).await? {
                    Some(rows) => {
                        table_data.push(TableData { table: oid, rows });
                        TableRows::Stored { columns }
                    }
                    None => TableRows::NotRestorable,
                }
            } else {
                TableRows::NotRestorable
            };
            let has_triggers = row.try_get("relhastriggers")?;
            let index_sizes = index_sizes.remove(&oid).unwrap_or_default();
            tables.push(TableSnapshot { oid, toast, name, has_triggers, index_sizes, rows });
        }
        let sequences = read_sequences(template).await?;
        let row = template.fetch_one(ANALYZED_TABLES).await?;
        let analyzed_tables = row.try_get("analyzed_tables")?;
        let row = template.fetch_one(DATABASE_PROPERTIES).await?;
        let database_properties = row.try_get("database_properties")?;
        Ok((Self { tables, sequences, analyzed_tables, database_properties }, table_data))
    }

    /// Returns the tables that have rows.
    pub(super) fn tables_with_rows(&self) -> impl Iterator<Item = &TableSnapshot> {
        self.tables.iter().filter(|table| table.rows != TableRows::None)
    }

    /// Returns the oids of the tables whose rows match, and the oids of their TOAST tables.
    pub(super) fn oids(&self, matches: impl Fn(&TableRows) -> bool) -> (Vec<Oid>, Vec<Oid>) {
        let tables = self.tables.iter().filter(|table| matches(&table.rows));
        tables.map(|table| (Oid(table.oid), Oid(table.toast))).unzip()
    }
}

/// Reads the sizes of the indexes of each table, including the indexes of its TOAST table.
async fn read_index_sizes(
    session: &mut PgConnection,
) -> Result<HashMap<u32, Vec<IndexSize>>, sqlx::Error> {
    let mut index_sizes: HashMap<u32, Vec<IndexSize>> = HashMap::new();
    for row in session.fetch_all(INDEX_SIZES).await? {
        let (Oid(oid), Oid(table)) = (row.try_get("indexrelid")?, row.try_get("table_oid")?);
        let (pages, tuples) = (row.try_get("relpages")?, row.try_get("reltuples")?);
        index_sizes.entry(table).or_default().push(IndexSize { oid, pages, tuples });
    }
    Ok(index_sizes)
}

/// Returns the rows of a table in the binary format of COPY, or `None` if the server rejects the COPY, as it does for a
/// type without a binary format.
async fn copy_out(
    session: &mut PgConnection,
    table: &str,
    columns: &str,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    let sql = format!("COPY {table} ({columns}) TO STDOUT (FORMAT binary)");
    let copied = match session.copy_out_raw(&sql).await {
        Ok(stream) => stream.try_collect::<Vec<_>>().await,
        Err(error) => Err(error),
    };
    match copied {
        Ok(chunks) => Ok(Some(chunks.concat())),
        Err(sqlx::Error::Database(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn read_sequences(session: &mut PgConnection) -> Result<Vec<SequenceSnapshot>, sqlx::Error> {
    let sql = "SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' ORDER BY c.oid";
    let mut sequences = Vec::new();
    for row in session.fetch_all(sql).await? {
        let Oid(oid) = row.try_get("oid")?;
        let name: String = row.try_get("name")?;
        let sql = format!("SELECT last_value, is_called FROM {name}");
        let row = session.fetch_one(AssertSqlSafe(sql)).await?;
        let (value, is_called) = (row.try_get("last_value")?, row.try_get("is_called")?);
        sequences.push(SequenceSnapshot { oid, value, is_called });
    }
    Ok(sequences)
}
