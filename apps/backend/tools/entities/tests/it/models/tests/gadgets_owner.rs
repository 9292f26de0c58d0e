//! Gadgets owners.

use crate::models::gadgets_owner;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn a_gadgets_owner_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = Uuid::nil();

    let missing = gadgets_owner::get(db, id).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no gadgets owner {id}"));
    Ok(())
}
