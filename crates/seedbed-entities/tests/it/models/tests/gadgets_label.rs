//! Gadget labels.

use crate::models::gadgets_label;
use anyhow::{Context, Result};
use sea_orm::entity::prelude::Uuid;

#[tokio::test]
async fn a_missing_gadgets_label_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let gadget_id = Uuid::nil();
    let word = "nowhere";

    let missing = gadgets_label::get(db, gadget_id, word).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no gadget label `{gadget_id} {word}`"));
    Ok(())
}
