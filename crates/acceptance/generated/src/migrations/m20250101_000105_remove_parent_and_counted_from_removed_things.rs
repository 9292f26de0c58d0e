//! Removes `parent` and `counted` from `removed_things`.
//!
//! Before this, deploy a version of the application that does not use the removed columns.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.remove_column("removed_things", "parent").await?;
    schema.remove_column("removed_things", "counted").await
}

/// Restores the definition from when this migration was written, as the last column and without its
/// values.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema.add_column("removed_things", integer_null("parent")).await?;
    schema.add_column("removed_things", custom("counted", "bigserial")).await?;
    schema
        .add_constraint(
            "removed_things",
            "removed_parent",
            "FOREIGN KEY (parent) REFERENCES removed_things(id) ON DELETE SET NULL",
        )
        .await?;
    schema
        .add_constraint(
            "removed_things",
            "removed_things_parent_counted_key",
            "UNIQUE (parent, counted)",
        )
        .await
}
