//! Labels.

use crate::models::label;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_label_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let word = "nowhere";

    let missing = label::get(db, word).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no label {word}"));
    Ok(())
}
