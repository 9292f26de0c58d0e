//! Owners: who has gadgets.

use crate::models::owner;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn an_owner_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = Uuid::nil();

    let missing = owner::get(db, id).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no owner {id}"));
    Ok(())
}
