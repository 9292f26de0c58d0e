//! Drops `empty_shells`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_table("empty_shells").await
}

/// Recreates the table as it was when this migration was written, without its rows.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE empty_shells ()").await?;
    schema.execute("COMMENT ON TABLE empty_shells IS 'nothing in it'").await
}
