//! The rows of all tables, compared by their content.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_schema::model::QualifiedName;
use seedbed_sql::{quote_ident, quote_literal};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::finding::{ChangedRow, RowChanges};
use super::project_tables::project_tables_sql;
use super::{Verifier, VerifyError};

/// The rows of one table as JSON, by the JSON text of their primary key, or of the whole row if the table has none. Rows
/// without a primary key may share a key.
type RowsByKey = BTreeMap<String, Vec<Value>>;

/// The rows of all tables.
#[derive(Debug, Default, PartialEq)]
pub(super) struct TableContents(BTreeMap<String, RowsByKey>);

/// The SQL expressions for the name of a table and the columns of its primary key.
const NAME_AND_KEY: &str = "\
    n.nspname::text AS schema, c.relname::text AS name, \
    ARRAY(SELECT a.attname::text FROM pg_catalog.pg_index i, unnest(i.indkey::int2[]) AS key, pg_catalog.pg_attribute a \
    WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = key) AS key";

impl TableContents {
    /// Reads the rows of all tables of the project.
    pub(super) async fn read(
        verifier: &Verifier<'_>,
        connection: &mut PgConnection,
    ) -> Result<Self, VerifyError> {
        let reading = Self::read_tables(connection);
        let content = verifier.cancellation.run_until_canceled(reading).await;
        content?.map_err(VerifyError::Rows)
    }

    async fn read_tables(connection: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let mut tables = BTreeMap::new();
        let sql = AssertSqlSafe(project_tables_sql(NAME_AND_KEY, &['r']));
        for table in connection.fetch_all(sqlx::raw_sql(sql)).await? {
            let name =
                QualifiedName { schema: table.try_get("schema")?, name: table.try_get("name")? };
            let key: Vec<String> = table.try_get("key")?;
            let query = rows_sql(&name, &key);
            let mut rows = RowsByKey::new();
            for row in connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(query))).await? {
                let text: String = row.try_get("content")?;
                let content = serde_json::from_str(&text).unwrap_or(Value::String(text));
                rows.entry(row.try_get("key")?).or_default().push(content);
            }
            tables.insert(name.to_string(), rows);
        }
        Ok(Self(tables))
    }

    /// Returns the changes that turn these rows into the rows of `after`, table by table.
    pub(super) fn changes(&self, after: &Self) -> Vec<RowChanges> {
        let empty = RowsByKey::new();
        let names: BTreeSet<&String> = self.0.keys().chain(after.0.keys()).collect();
        let rows = |content: &Self, name| content.0.get(name).unwrap_or(&empty).clone();
        names
            .into_iter()
            .map(|name| table_changes(name, &rows(self, name), &rows(after, name)))
            .filter(|table| {
                !(table.added.is_empty() && table.removed.is_empty() && table.changed.is_empty())
            })
            .collect()
    }
}

fn table_changes(table: &str, before: &RowsByKey, after: &RowsByKey) -> RowChanges {
    let mut changes = RowChanges {
        table: table.to_owned(),
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
    };
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let with_key = |rows: &RowsByKey| rows.get(key).cloned().unwrap_or_default();
        let (old, new) = (with_key(before), with_key(after));
        let key_value = serde_json::from_str(key).unwrap_or(Value::String(key.clone()));
        for _ in new.len()..old.len() {
            changes.removed.push(key_value.clone());
        }
        for _ in old.len()..new.len() {
            changes.added.push(key_value.clone());
        }
        let differing: Vec<String> =
            old.iter().zip(&new).flat_map(|(old, new)| differing_columns(old, new)).collect();
        if !differing.is_empty() {
            changes.changed.push(ChangedRow { row: key_value, columns: differing });
        }
    }
    changes
}

fn differing_columns(old: &Value, new: &Value) -> Vec<String> {
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        return Vec::new();
    };
    old.iter()
        .filter(|(column, value)| new.get(*column) != Some(value))
        .map(|(column, _)| column.clone())
        .collect()
}

/// Returns the query for the rows of a table, without the rows of tables that inherit from it.
fn rows_sql(table: &QualifiedName, key: &[String]) -> String {
    let members: Vec<String> = key
        .iter()
        .map(|column| format!("{}, r.{}", quote_literal(column), quote_ident(column)))
        .collect();
    let key = match members.is_empty() {
        true => "to_jsonb(r)".to_owned(),
        false => format!("jsonb_build_object({})", members.join(", ")),
    };
    format!("SELECT {key}::text AS key, to_jsonb(r)::text AS content FROM ONLY {table} AS r")
}
