//! Executes several concurrent statements in one script, and updates rows between them.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_index(index("pages", ["author_id"]).concurrently()).await?;
    schema.execute("UPDATE authors SET name = upper(name) WHERE name <> upper(name)").await?;
    schema.add_index(index("authors", ["name", "id"]).unique().name("authors_name_key").concurrently()).await?;
    schema.execute("REINDEX TABLE CONCURRENTLY authors").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_index_concurrently("authors_name_key").await?;
    schema.execute("UPDATE authors SET name = lower(name) WHERE name <> lower(name)").await?;
    schema.remove_index_concurrently("pages_author_id_idx").await
}
