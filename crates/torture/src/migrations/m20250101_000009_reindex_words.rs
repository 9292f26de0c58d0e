//! Executes REINDEX CONCURRENTLY for a table and for an index.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("REINDEX TABLE CONCURRENTLY words").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("REINDEX INDEX CONCURRENTLY words_name_key").await
}
