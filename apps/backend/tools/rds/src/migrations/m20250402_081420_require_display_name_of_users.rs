//! Requires a display name of users, step 3 of 3.
use crate::prelude::*;

/// [`Schema::set_not_null`] validates a check constraint first. It does not block other sessions if each statement
/// commits by itself. The script can be repeated.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.set_not_null("users", "display_name").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_not_null("users", "display_name").await
}
