//! Executes CREATE INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY as SQL.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute("CREATE UNIQUE INDEX CONCURRENTLY words_name_key ON words (lower(name)) WHERE id > 0")
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("DROP INDEX CONCURRENTLY words_name_key").await
}
