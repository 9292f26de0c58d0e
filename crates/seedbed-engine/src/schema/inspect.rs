//! The verbs that inspect the database.

use sea_orm::{DbBackend, Statement};
use seedbed_sql::cut_name;

use super::{Schema, SchemaFuture};

/// Verbs that inspect the database, by names on the search path. A name that is too long is truncated as the server
/// truncates it.
///
/// # Errors
/// Each verb fails with the error of the database.
impl Schema<'_> {
    /// Returns whether a table with the given name exists.
    pub fn has_table(&self, table: &str) -> SchemaFuture<'_, bool> {
        let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class \
                   WHERE relname = $1 AND relkind IN ('r', 'p') \
                   AND pg_catalog.pg_table_is_visible(oid)) AS found";
        self.found(sql, [table])
    }

    /// Returns whether the table has a column with the given name.
    pub fn has_column(&self, table: &str, column: &str) -> SchemaFuture<'_, bool> {
        let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a \
                   JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
                   WHERE c.relname = $1 AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped \
                   AND pg_catalog.pg_table_is_visible(c.oid)) AS found";
        self.found(sql, [table, column])
    }

    /// Returns whether the table has an index with the given name.
    pub fn has_index(&self, table: &str, index: &str) -> SchemaFuture<'_, bool> {
        let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_index x \
                   JOIN pg_catalog.pg_class c ON c.oid = x.indrelid \
                   JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
                   WHERE c.relname = $1 AND i.relname = $2 \
                   AND pg_catalog.pg_table_is_visible(c.oid)) AS found";
        self.found(sql, [table, index])
    }

    fn found<const N: usize>(&self, sql: &str, names: [&str; N]) -> SchemaFuture<'_, bool> {
        let statement = Statement::from_sql_and_values(
            DbBackend::Postgres,
            sql,
            names.map(|name| cut_name(name).into()),
        );
        Box::pin(async move {
            match self.statements.query(statement).await?.first() {
                Some(row) => Ok(row.try_get("", "found")?),
                None => Ok(false),
            }
        })
    }
}
