//! Sets `moved` of `changed_things` to NOT NULL, step 3 of 3.
//!
//! `migrate-up` applies all steps at once. In production, deploy each step separately with
//! `migrate-up --to` and its name, and the last one when no running application writes nulls.
use crate::prelude::*;

/// [`Schema::set_not_null`] uses a validated check, which does not block other sessions if each of
/// its statements commits separately. The script can run again.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.set_not_null("changed_things", "moved").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_not_null("changed_things", "moved").await
}
