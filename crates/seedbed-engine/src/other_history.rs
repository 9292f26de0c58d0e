//! Recognizes other histories of a database whose current schema has no history of Seedbed: those of other tools, and
//! those in other schemas.

use std::fmt;

use seedbed_build::ScriptKind;
use seedbed_config::search_path_parameter;
use seedbed_sql::quote_literal;
use sqlx::Row as _;

use crate::history_store::HistoryTables;
use crate::session::Session;
use seedbed_config::{Hint, SuggestedCommand};

/// A history of a database whose current schema has no history of Seedbed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherHistory {
    /// The history of another tool.
    Tool {
        /// The name of the tool.
        tool: &'static str,
        /// The history table of the tool, with its schema, quoted where SQL requires it.
        table: String,
    },
    /// A history of SeaORM under another table name.
    RenamedSeaOrm {
        /// The history table, with its schema, quoted where SQL requires it.
        table: String,
    },
    /// A history of Seedbed or SeaORM in another schema.
    Schema {
        /// The current schema.
        current: String,
        /// The first schema with a history.
        other: String,
    },
}

impl fmt::Display for OtherHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tool, table) = match self {
            Self::Tool { tool, table } => (*tool, table),
            Self::RenamedSeaOrm { table } => ("SeaORM", table),
            Self::Schema { current, other } => {
                return write!(
                    f,
                    "the schema `{current}` has no history, but the schema `{other}` of this database has one"
                );
            }
        };
        write!(f, "this database has a history of {tool} in `{table}` and no history of Seedbed")
    }
}

impl OtherHistory {
    /// Returns the hint that says how to continue the other history, or how to begin a new one beside it.
    #[must_use]
    pub fn hint(&self) -> Hint {
        match self {
            Self::Tool { .. } => {
                let (kind, name) = (ScriptKind::Migration, "NAME".to_owned());
                Hint::command(SuggestedCommand::RecordApplied { kind, name }).then(
                    " records a migration that the other tool has applied; if the history belongs to another \
                     project, use `--ignore-other-history`",
                )
            }
            Self::RenamedSeaOrm { table } => Hint::text(format!(
                "if it is SeaORM's history under another name, run `ALTER TABLE {table} RENAME TO seaql_migrations;`; \
                 if it belongs to another project, use `--ignore-other-history`"
            )),
            Self::Schema { current, other } => Hint::text(format!(
                "name the schema in DATABASE_URL: the parameter `{}` continues the history of `{other}`, and `{}` \
                 begins another history in `{current}`",
                search_path_parameter(other),
                search_path_parameter(current)
            )),
        }
    }
}

/// The history tables of other tools.
const TABLES: [(&str, &str); 16] = [
    ("_sqlx_migrations", "sqlx"),
    ("__diesel_schema_migrations", "diesel"),
    ("schema_migrations", "Rails, golang-migrate or dbmate"),
    ("SequelizeMeta", "Sequelize"),
    ("flyway_schema_history", "Flyway"),
    ("refinery_schema_history", "refinery"),
    ("_prisma_migrations", "Prisma"),
    ("goose_db_version", "goose"),
    ("knex_migrations", "Knex"),
    ("pgmigrations", "node-pg-migrate"),
    ("alembic_version", "Alembic"),
    ("django_migrations", "Django"),
    ("databasechangelog", "Liquibase"),
    ("atlas_schema_revisions", "Atlas"),
    ("__EFMigrationsHistory", "Entity Framework"),
    ("__drizzle_migrations", "Drizzle"),
];

/// The history table of TypeORM. Other tools and applications use the same name, so the columns must match too.
const TYPE_ORM_TABLE: &str = "migrations";

/// The columns of TypeORM's history with their types, in the order of their names, as an SQL expression.
const TYPE_ORM_COLUMNS: &str = "ARRAY['id integer', 'name character varying', 'timestamp bigint']";

/// The columns of SeaORM's history, in the form of [`TYPE_ORM_COLUMNS`]. The table may have another name.
const SEA_ORM_COLUMNS: &str = "ARRAY['applied_at bigint', 'version character varying']";

/// Finds the first other schema that has a history of Seedbed or SeaORM, unless the current schema has one, or the URL
/// names the schema. Reads only the catalog.
pub(crate) async fn find_other_schema_history(
    session: &Session,
    tables: &HistoryTables,
) -> Result<Option<OtherHistory>, sqlx::Error> {
    if session.options.url.has_search_path() || !tables.existing().is_empty() {
        return Ok(None);
    }
    let current = tables.schema().to_owned();
    let sql = format!(
        "SELECT n.nspname::text AS schema FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relname IN ({}) \
         AND n.nspname <> {} ORDER BY 1 LIMIT 1",
        seedbed_sql::own_tables_sql(),
        quote_literal(&current)
    );
    let rows = session.rows(sql).await?;
    let other = rows.first().map(|row| row.try_get("schema")).transpose()?;
    Ok(other.map(|other| OtherHistory::Schema { current, other }))
}

/// Finds a history of another tool, or of SeaORM under another table name, that is not empty.
pub(crate) async fn find_other_tool_history(
    session: &Session,
) -> Result<Option<OtherHistory>, sqlx::Error> {
    let names: Vec<String> = TABLES.iter().map(|(name, _)| format!("'{name}'")).collect();
    let names = names.join(", ");
    let sql = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname::text AS relname, \
         c.relname NOT IN ({names}) AND columns = {SEA_ORM_COLUMNS} AS is_renamed \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         CROSS JOIN LATERAL ( \
           SELECT array_agg(a.attname::text || ' ' || format_type(a.atttypid, NULL) ORDER BY a.attname) AS columns \
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) a \
         WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
         AND c.relpersistence <> 't' AND (c.relname IN ({names}) \
         OR (c.relname = '{TYPE_ORM_TABLE}' AND columns = {TYPE_ORM_COLUMNS}) \
         OR (c.relname NOT IN ({}) AND columns = {SEA_ORM_COLUMNS})) ORDER BY 3, 1",
        seedbed_sql::own_tables_sql()
    );
    for row in session.rows(sql).await? {
        let (table, relname): (String, String) = (row.try_get("name")?, row.try_get("relname")?);
        let is_renamed: bool = row.try_get("is_renamed")?;
        // An empty table means that nothing was applied.
        let timeout = session.options.lock_timeout.as_millis();
        let exists = session.row(format!(
            "SET LOCAL lock_timeout = {timeout}; SELECT EXISTS (SELECT FROM {table}) AS has_rows"
        ));
        let exists = exists.await?;
        if exists.try_get("has_rows")? {
            let tool = TABLES.iter().find(|(name, _)| *name == relname);
            return Ok(Some(match tool {
                _ if is_renamed => OtherHistory::RenamedSeaOrm { table },
                Some((_, tool)) => OtherHistory::Tool { tool, table },
                None => OtherHistory::Tool { tool: "TypeORM", table },
            }));
        }
    }
    Ok(None)
}
