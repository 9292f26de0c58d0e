//! Gadget owners.

use crate::models::gadgets_owner;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn a_missing_gadgets_owner_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = Uuid::nil();

    let missing = gadgets_owner::get(db, id).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no gadget owner `{id}`"));
    Ok(())
}
