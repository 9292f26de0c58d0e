//! Visits.

use crate::models::visit;
use anyhow::{Context, Result};

#[tokio::test]
async fn a_visit_that_is_not_there_is_named() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let id = -1;

    let missing = visit::get(db, id).await;

    let error = missing.err().context("there is one")?;
    assert_eq!(error.to_string(), format!("there is no visit {id}"));
    Ok(())
}
