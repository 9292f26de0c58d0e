//! Adds `in-progress` and `void` to the enum type `status`.
//!
//! A new value cannot be used before it is committed. A new default, for example, belongs in the
//! next script.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_enum_value("status", "in-progress").await?;
    schema.add_enum_value("status", "void").await
}

/// PostgreSQL cannot remove a value, so the type is recreated without it, and each table that uses
/// the type is rewritten under a lock. This fails if a row or a default has the value.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_enum_value("status", "void").await?;
    schema.remove_enum_value("status", "in-progress").await
}
