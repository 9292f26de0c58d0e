//! Countries.

use crate::models::country;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_missing_country_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let code = "nowhere";

    let missing = country::get(db, code).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no country `{code}`"));
    Ok(())
}
