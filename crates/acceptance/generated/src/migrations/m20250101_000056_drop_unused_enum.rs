//! Drops the enum type `unused`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.drop_enum("unused").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.create_enum("unused", ["a", "it's"]).await?;
    schema.execute("COMMENT ON TYPE unused IS 'nobody''s'").await
}
