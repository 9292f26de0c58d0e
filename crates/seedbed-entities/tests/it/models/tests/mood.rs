//! Moods.

use crate::models::mood;
use crate::shop::mood::Mood;
use anyhow::{Context, Result};
use sea_orm::Iterable as _;

#[tokio::test]
async fn a_missing_mood_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let mood = Mood::iter().next().context("`Mood` has no values")?;

    let missing = mood::get(db, mood).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(error.to_string(), format!("there is no mood `{mood:?}`"));
    Ok(())
}
