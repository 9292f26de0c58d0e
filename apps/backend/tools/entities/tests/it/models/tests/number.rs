//! Numbers.

use crate::models::number;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_number_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let number = -1;

    let missing = number::get(db, number).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no number {number}"));
    Ok(())
}
