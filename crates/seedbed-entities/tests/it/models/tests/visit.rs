//! Visits.

use crate::models::visit;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_missing_visit_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = -1;

    let missing = visit::get(db, id).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no visit `{id}`"));
    Ok(())
}
