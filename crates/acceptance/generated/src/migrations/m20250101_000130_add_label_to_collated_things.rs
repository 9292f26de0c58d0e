//! Adds `label` to `collated_things`. Step 1 of 3 toward NOT NULL: nullable.
//!
//! From now on the application has to write it. `migrate-up` applies all steps at once. In
//! production, deploy each step separately with `migrate-up --to` and its name, and the last one
//! when no running application writes nulls.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_column("collated_things", string_null("label")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("collated_things", "label").await
}
