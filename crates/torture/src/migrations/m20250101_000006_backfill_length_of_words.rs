//! Backfills a column in batches, each of which commits by itself. Changes only the remaining rows.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    for first in (1..=400).step_by(100) {
        let sql = format!(
            "UPDATE words SET length = length(name) WHERE length IS NULL AND id BETWEEN {first} AND {first} + 99"
        );
        schema.execute(sql).await?;
    }
    Ok(())
}

pub async fn down(schema: &Schema<'_>) -> Result {
    for first in (1..=400).step_by(100) {
        let sql = format!(
            "UPDATE words SET length = NULL WHERE length IS NOT NULL AND id BETWEEN {first} AND {first} + 99"
        );
        schema.execute(sql).await?;
    }
    Ok(())
}
