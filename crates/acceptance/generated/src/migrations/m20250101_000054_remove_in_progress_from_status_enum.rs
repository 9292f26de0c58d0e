//! Removes `in-progress` from the enum type `status`.
//!
//! PostgreSQL cannot remove a value, so the type is recreated without it, and each table that uses
//! the type is rewritten under a lock. This fails if a row or a default has the value.
//!
//! Update rows with 'in-progress' in an earlier script.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_enum_value("status", "in-progress").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.add_enum_value_before("status", "in-progress", "canceled").await
}
