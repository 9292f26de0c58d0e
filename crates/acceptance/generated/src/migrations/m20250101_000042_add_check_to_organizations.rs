//! Checks each new row of `organizations`: `name <> "slug"`.
//!
//! Step 1 of 2. The next script validates the existing rows.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .add_constraint_not_valid(
            "organizations",
            "organizations_check",
            r#"CHECK (name <> "slug")"#,
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("organizations", "organizations_check").await
}
