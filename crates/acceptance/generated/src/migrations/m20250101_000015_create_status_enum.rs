//! Creates the enum type `status`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("status", ["draft", "published"]).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_enum("status").await
}
