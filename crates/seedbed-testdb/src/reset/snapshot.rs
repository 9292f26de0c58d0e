//! Reads what a finished template is.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::{ANALYZED, DATABASE, Mark, Rows, Sequence, Table, TemplateSnapshot};

/// Rows of more than that are not kept for filling a table again; in bytes of the table's file.
const MOST_ROWS: i64 = 1024 * 1024;

const TABLES: &str = "\
    SELECT c.oid, c.reltoastrelid, format('%I.%I', n.nspname, c.relname) AS name, c.relhastriggers, \
    c.relkind = 'r' AND c.reltuples < 0 AS never_analyzed, pg_relation_size(c.oid) AS size, \
    coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a \
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '') \
    AS columns FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm') ORDER BY c.oid";

const MARKS: &str = "\
    SELECT i.indexrelid, coalesce(t.oid, i.indrelid) AS of, c.relpages, c.reltuples FROM pg_index i \
    JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_class t ON t.reltoastrelid = i.indrelid \
    WHERE i.indexrelid >= 16384 ORDER BY i.indexrelid";

impl TemplateSnapshot {
    /// Reads it from a template in which nobody else is.
    pub(crate) async fn read(
        template: &mut PgConnection,
    ) -> Result<(Self, Vec<(i64, Vec<u8>)>), sqlx::Error> {
        let mut tables = Vec::new();
        let mut contents = Vec::new();
        let mut marks = marks(template).await?;
        for row in template.fetch_all(TABLES).await? {
            let (Oid(oid), Oid(toast)) = (row.try_get("oid")?, row.try_get("reltoastrelid")?);
            let name: String = row.try_get("name")?;
            let (size, columns): (i64, String) = (row.try_get("size")?, row.try_get("columns")?);
            let can_be_emptied: bool = row.try_get("never_analyzed")?;
            let rows = if size == 0 && can_be_emptied {
                Rows::None
            } else if can_be_emptied && size <= MOST_ROWS && !columns.is_empty() {
                match copy_out(template, &name, &columns).await? {
                    Some(rows) => {
                        contents.push((i64::from(oid), rows));
                        Rows::Kept { columns }
                    }
                    None => Rows::Fixed,
                }
            } else {
                Rows::Fixed
            };
            let has_triggers = row.try_get("relhastriggers")?;
            let marks = marks.remove(&oid).unwrap_or_default();
            tables.push(Table { oid, toast, name, has_triggers, marks, rows });
        }
        let sequences = sequences(template).await?;
        let analyzed = template.fetch_one(ANALYZED).await?.try_get("analyzed")?;
        let database = template.fetch_one(DATABASE).await?.try_get("database")?;
        Ok((Self { tables, sequences, analyzed, database }, contents))
    }
}

/// The indexes of each table, with those of its toast table.
async fn marks(session: &mut PgConnection) -> Result<HashMap<u32, Vec<Mark>>, sqlx::Error> {
    let mut marks: HashMap<u32, Vec<Mark>> = HashMap::new();
    for row in session.fetch_all(MARKS).await? {
        let (Oid(oid), Oid(of)) = (row.try_get("indexrelid")?, row.try_get("of")?);
        let (pages, tuples) = (row.try_get("relpages")?, row.try_get("reltuples")?);
        marks.entry(of).or_default().push(Mark { oid, pages, tuples });
    }
    Ok(marks)
}

/// The rows of a table as COPY writes them; none if a type of its has no such form.
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

async fn sequences(session: &mut PgConnection) -> Result<Vec<Sequence>, sqlx::Error> {
    let sql = "SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' ORDER BY c.oid";
    let mut sequences = Vec::new();
    for row in session.fetch_all(sql).await? {
        let Oid(oid) = row.try_get("oid")?;
        let name: String = row.try_get("name")?;
        let sql = format!("SELECT last_value, is_called FROM {name}");
        let row = session.fetch_one(AssertSqlSafe(sql)).await?;
        let (value, is_called) = (row.try_get("last_value")?, row.try_get("is_called")?);
        sequences.push(Sequence { oid, value, is_called });
    }
    Ok(sequences)
}
