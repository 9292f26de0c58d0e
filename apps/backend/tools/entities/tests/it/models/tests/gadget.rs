//! Gadgets.

use crate::models::gadget;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn a_gadget_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = Uuid::nil();

    let missing = gadget::get(db, id).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no gadget {id}"));
    Ok(())
}
