//! Numbers.

use crate::models::number;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_missing_number_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let number = -1;

    let missing = number::get(db, number).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no number `{number}`"));
    Ok(())
}
