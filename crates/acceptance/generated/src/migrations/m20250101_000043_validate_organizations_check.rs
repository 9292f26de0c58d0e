//! Validates organizations_check for the existing rows of `organizations`, step 2 of 2.
//!
//! It scans the whole table without blocking writes.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.validate_constraint("organizations", "organizations_check").await
}

/// PostgreSQL cannot undo a validation, so the check is recreated.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_constraint("organizations", "organizations_check").await?;
    schema
        .add_constraint_not_valid(
            "organizations",
            "organizations_check",
            r#"CHECK (name <> "slug")"#,
        )
        .await
}
