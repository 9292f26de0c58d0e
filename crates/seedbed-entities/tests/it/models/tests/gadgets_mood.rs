//! Gadget moods.

use crate::models::gadgets_mood;
use crate::shop::gadgets_mood::Mood;
use anyhow::{Context, Result};
use sea_orm::Iterable as _;
use sea_orm::entity::prelude::{Date, Uuid};

#[tokio::test]
async fn a_missing_gadgets_mood_is_reported() -> Result<()> {
    let database = crate::shop_database().await;
    let db = database.connection();
    let gadget_id = Uuid::nil();
    let mood = Mood::iter().next().context("`Mood` has no values")?;
    let since = Date::default();

    let missing = gadgets_mood::get(db, gadget_id, mood, since).await;

    let error = missing.err().context("expected an error")?;
    assert_eq!(
        error.to_string(),
        format!("there is no gadget mood `{gadget_id} {mood:?} {since}`")
    );
    Ok(())
}
