//! Renames `organizations` to `accounts`.
//!
//! Indexes and constraints keep their names. The running version of the application still uses the
//! old name. Deploy both together, or stop it in between.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.rename_table("organizations", "accounts").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.rename_table("accounts", "organizations").await
}
