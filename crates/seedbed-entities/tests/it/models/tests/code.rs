//! Codes.

use crate::models::code;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_missing_code_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let code = -1;

    let missing = code::get(db, code).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no code `{code}`"));
    Ok(())
}
