//! Changes `name` of `collated_things`: `character varying(20)` becomes `character varying(40)`.
//!
//! A change of the type may rewrite the table under a lock.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "ALTER TABLE collated_things ALTER COLUMN name TYPE character varying(40) \
            COLLATE \"C\"",
        )
        .await
}

/// Restores the definition from when this migration was written.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "ALTER TABLE collated_things ALTER COLUMN name TYPE character varying(20) \
            COLLATE \"C\"",
        )
        .await
}
