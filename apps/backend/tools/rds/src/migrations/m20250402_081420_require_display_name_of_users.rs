//! Users get a display name, step 3 of 3: there is always one.
use crate::prelude::*;

/// [`Schema::set_not_null`] goes by way of a validated check, which locks nobody out as long as each
/// of its statements commits by itself. Safe to repeat.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.set_not_null("users", "display_name").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_not_null("users", "display_name").await
}
