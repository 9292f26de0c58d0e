//! Selects the tables of a database that belong to the project.

use seedbed_sql::{own_tables_sql, quote_literal};

/// Returns a query for the tables of the project. The query excludes temporary tables, and the tables of Seedbed, of
/// extensions and of the server. `columns` are expressions over `pg_class` as `c` and `pg_namespace` as `n`, and
/// `kinds` are values of `pg_class.relkind`.
pub(super) fn project_tables_sql(columns: &str, kinds: &[char]) -> String {
    let kinds = kinds.iter().map(|kind| quote_literal(&kind.to_string()));
    format!(
        "SELECT {columns} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ({}) AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' \
         AND n.nspname NOT LIKE 'pg\\_%' AND c.relname NOT IN ({}) \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass \
         AND d.objid = c.oid AND d.deptype = 'e')",
        kinds.collect::<Vec<_>>().join(", "),
        own_tables_sql()
    )
}
