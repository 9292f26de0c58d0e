//! Adds a display name to users. This is step 1 of 3 toward a NOT NULL column on a table with rows: add it as nullable.
//!
//! Deploy a version of the application that writes the column before step 3.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_column("users", string_null("display_name")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("users", "display_name").await
}
