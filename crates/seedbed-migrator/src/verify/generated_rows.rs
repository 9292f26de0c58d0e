//! Generates rows in every table, so that a migration that fails on rows fails in the verification.
//!
//! Each table gets up to four rows as soon as a migration has created it, and keeps them. A later migration finds rows
//! that the earlier migrations have changed, as in production.
//!
//! | row | values | a migration that it makes fail |
//! | --- | --- | --- |
//! | first, equal | typical values, the same in both unless a key forbids it | `ADD UNIQUE`, `ADD COLUMN … NOT NULL` |
//! | extreme | unusual values, such as -1 and the empty string | `ADD CHECK`, `ADD FOREIGN KEY` |
//! | sparse | NULL wherever it is allowed | `SET NOT NULL` |

mod choices;
mod insert;
mod literals;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_schema::model::{ConstraintKind, DatabaseSchema, QualifiedName, Table};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::finding::UnfilledTable;
use super::project_tables::project_tables_sql;
use super::{MigratedDatabase, Verifier, VerifyError};
use insert::{InsertOutcome, TableFiller};
use literals::TypeLiterals;

/// The tables that have been filled with rows, and those for which no row was found.
#[derive(Debug, Default)]
pub(super) struct GeneratedRows {
    /// The OIDs of all tables that a call has already filled, or has tried to fill.
    known: BTreeSet<i64>,
    /// The tables for which no row was found, with the reason.
    unfilled: BTreeMap<QualifiedName, String>,
    literals: TypeLiterals,
}

impl GeneratedRows {
    /// Generates rows for the tables that are new since the last call. Reads the schema only if there are new tables
    /// and the caller has not read it.
    pub(super) async fn fill_new_tables(
        &mut self,
        verifier: &Verifier<'_>,
        database: &mut MigratedDatabase<'_>,
        schema: Option<&DatabaseSchema>,
    ) -> Result<(), VerifyError> {
        let new = self.new_tables(database.connection()).await.map_err(VerifyError::Rows)?;
        if new.is_empty() {
            return Ok(());
        }
        let read;
        let schema = match schema {
            Some(schema) => schema,
            None => {
                read = database.schema().await?;
                &read
            }
        };
        let filling = self.fill(schema, new, database.connection());
        let filled = verifier.cancellation.run_until_canceled(filling).await;
        filled?.map_err(VerifyError::Rows)?;
        let refreshing = refresh_materialized_views(database.connection());
        let refreshed = verifier.cancellation.run_until_canceled(refreshing).await;
        refreshed?.map_err(VerifyError::Rows)
    }

    /// Returns the tables of the set that have no row, with the reason.
    pub(super) fn unfilled(&self, tables: &BTreeSet<QualifiedName>) -> Vec<UnfilledTable> {
        self.unfilled
            .iter()
            .filter(|(table, _)| tables.contains(*table))
            .map(|(table, reason)| UnfilledTable {
                table: table.to_string(),
                reason: reason.clone(),
            })
            .collect()
    }

    /// Returns the tables of the project that are not known yet.
    async fn new_tables(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<BTreeSet<QualifiedName>, sqlx::Error> {
        let mut new = BTreeSet::new();
        let columns = "c.oid::int8 AS oid, n.nspname::text AS schema, c.relname::text AS name";
        let sql = AssertSqlSafe(project_tables_sql(columns, &['r', 'p']));
        for row in connection.fetch_all(sqlx::raw_sql(sql)).await? {
            let name = QualifiedName::new(
                row.try_get::<String, _>("schema")?,
                row.try_get::<String, _>("name")?,
            );
            if self.known.insert(row.try_get("oid")?) {
                // A dropped table may have had the same name.
                self.unfilled.remove(&name);
                new.insert(name);
            }
        }
        Ok(new)
    }

    /// Fills the tables, starting with those that other tables refer to.
    async fn fill(
        &mut self,
        schema: &DatabaseSchema,
        names: BTreeSet<QualifiedName>,
        connection: &mut PgConnection,
    ) -> Result<(), sqlx::Error> {
        let mut remaining: Vec<&Table> =
            names.iter().filter_map(|name| schema.tables.get(name)).collect();
        while !remaining.is_empty() {
            let remains = |name: &QualifiedName| remaining.iter().any(|table| table.name == *name);
            let has_remaining_partition = |table: &Table| {
                let partitions = remaining.iter().filter_map(|other| other.partition_of.as_ref());
                partitions.map(|partition| &partition.parent).any(|parent| *parent == table.name)
            };
            let is_ready = |table: &&Table| {
                references(table).all(|other| !remains(other)) && !has_remaining_partition(table)
            };
            // Partitions come before their table, because only their bounds say which rows the table takes. Tables that
            // refer to each other in a cycle are filled in any order.
            let next = remaining.iter().position(is_ready).unwrap_or(0);
            let table = remaining.remove(next);
            let filler = TableFiller::new(schema, table, &mut self.literals, connection).await?;
            if let InsertOutcome::Refused(reason) = filler.fill(connection).await? {
                self.unfilled.insert(table.name.clone(), reason);
            }
        }
        // A partitioned table has rows if one of its partitions could be filled.
        let parents: Vec<QualifiedName> = schema
            .tables
            .values()
            .filter(|table| !self.unfilled.contains_key(&table.name))
            .filter_map(|table| table.partition_of.as_ref())
            .map(|partition| partition.parent.clone())
            .collect();
        for parent in parents {
            self.unfilled.remove(&parent);
        }
        Ok(())
    }
}

/// Gives the populated materialized views the rows of their tables, the oldest view first. A view whose query fails on the
/// generated rows keeps its rows.
async fn refresh_materialized_views(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let columns = "c.oid::int8 AS oid, format('%I.%I', n.nspname, c.relname) AS name, \
                   c.relispopulated AS is_populated";
    let sql = AssertSqlSafe(project_tables_sql(columns, &['m']));
    let mut views = Vec::new();
    for row in connection.fetch_all(sqlx::raw_sql(sql)).await? {
        if row.try_get("is_populated")? {
            let (oid, name): (i64, String) = (row.try_get("oid")?, row.try_get("name")?);
            views.push((oid, name));
        }
    }
    views.sort();
    for (_, name) in views {
        let refresh = AssertSqlSafe(format!("REFRESH MATERIALIZED VIEW {name}"));
        match connection.execute(sqlx::raw_sql(refresh)).await {
            Err(error) if error.as_database_error().is_none() => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Returns the other tables that the table refers to.
fn references(table: &Table) -> impl Iterator<Item = &QualifiedName> {
    let keys = table.constraints.values().filter(|key| key.kind == ConstraintKind::ForeignKey);
    let referenced = keys.filter_map(|key| key.references.as_ref()).map(|key| &key.table);
    referenced.filter(|other| **other != table.name)
}
