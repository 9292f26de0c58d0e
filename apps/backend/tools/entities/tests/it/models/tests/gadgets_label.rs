//! Gadgets labels.

use crate::models::gadgets_label;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn a_gadgets_label_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let gadget_id = Uuid::nil();
    let word = "nowhere";

    let missing = gadgets_label::get(db, gadget_id, word).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no gadgets label {gadget_id} {word}"));
    Ok(())
}
