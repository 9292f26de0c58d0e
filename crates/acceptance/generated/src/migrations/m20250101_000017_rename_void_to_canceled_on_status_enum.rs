//! Renames the value `void` of the enum type `status` to `canceled`, which also changes existing
//! rows.
//!
//! The running version of the application still writes the old value. Deploy both together, or stop
//! it in between.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.rename_enum_value("status", "void", "canceled").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.rename_enum_value("status", "canceled", "void").await
}
