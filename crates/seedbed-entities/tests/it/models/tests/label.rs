//! Labels.

use crate::models::label;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_missing_label_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let word = "nowhere";

    let missing = label::get(db, word).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no label `{word}`"));
    Ok(())
}
