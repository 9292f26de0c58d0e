//! Recognizes the history of another tool in a database without a history of Seedbed.

use sqlx::Row as _;

use crate::session::Session;

/// The history of another tool in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherHistory {
    /// The name of the tool.
    pub tool: &'static str,
    /// The history table of the tool, with its schema, quoted where SQL requires it.
    pub table: String,
    /// Whether the history is that of SeaORM under another table name.
    pub is_sea_orm: bool,
}

/// The history tables of other tools.
const TABLES: [(&str, &str); 15] = [
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
];

/// Finds a history of another tool that is not empty. Takes no lock.
pub(crate) async fn find(session: &Session) -> Result<Option<OtherHistory>, sqlx::Error> {
    let names: Vec<String> = TABLES.iter().map(|(name, _)| format!("'{name}'")).collect();
    // SeaORM's history under another name has exactly the columns `version` and `applied_at`.
    let sql = format!(
        "SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname::text AS relname, \
         c.relname NOT IN ({0}) AS is_sea_orm \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') \
         AND c.relpersistence <> 't' AND (c.relname IN ({0}) \
         OR c.relname NOT IN ({1}) \
         AND (SELECT array_agg(a.attname::text || ' ' || format_type(a.atttypid, NULL) ORDER BY a.attname) \
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) \
           = ARRAY['applied_at bigint', 'version character varying']) ORDER BY 3, 1",
        names.join(", "),
        seedbed_sql::history_tables_sql()
    );
    for row in session.rows(sql).await? {
        let (table, relname): (String, String) = (row.try_get("name")?, row.try_get("relname")?);
        let is_sea_orm: bool = row.try_get("is_sea_orm")?;
        // An empty table means that nothing was applied.
        let timeout = session.options.lock_timeout.as_millis();
        let exists = session.row(format!(
            "SET LOCAL lock_timeout = {timeout}; SELECT EXISTS (SELECT FROM {table}) AS has_rows"
        ));
        let exists = exists.await?;
        if exists.try_get("has_rows")? {
            let tool = TABLES.iter().find(|(name, _)| *name == relname);
            let tool = tool.map_or("SeaORM", |(_, tool)| tool);
            return Ok(Some(OtherHistory { tool, table, is_sea_orm }));
        }
    }
    Ok(None)
}
