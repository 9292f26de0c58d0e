//! Backfills `owner_id` of `products`, step 2 of 3.
use uuid::Uuid;

use crate::prelude::*;

/// Each batch commits separately, so that a row is locked only while its batch runs. The script can
/// run again: it skips rows that have a value.
pub const TRANSACTION: bool = false;

/// Updates a batch of rows in the order of their keys, from the given key on.
const BATCH: &str = "
    WITH batch AS (SELECT id AS key FROM products WHERE id >= $1 ORDER BY id LIMIT 1000),
    filled AS (
        UPDATE products SET owner_id = (SELECT id FROM users LIMIT 1)
        WHERE products.id IN (SELECT key FROM batch) AND products.owner_id IS NULL
    )
    SELECT key FROM batch ORDER BY key DESC LIMIT 1";

pub async fn up(schema: &Schema<'_>) -> Result {
    let mut from = Some(Uuid::nil());
    while let Some(key) = from {
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [key.into()]);
        from = match schema.query_one_raw(batch).await? {
            Some(row) => {
                let last: Uuid = row.try_get("", "key")?;
                last.as_u128().checked_add(1).map(Uuid::from_u128)
            }
            None => None,
        };
    }
    Ok(())
}

/// Nothing to revert: it is not known which rows had no value.
pub async fn down(_: &Schema<'_>) -> Result {
    Ok(())
}
