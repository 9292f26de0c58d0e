//! Backfills `color`, `price`, `size`, `seen_at`, `day`, `data`, `tags`, `ref`, `for`, `blob`,
//! `cost` and `code` of `products`, step 2 of 3.
use uuid::Uuid;

use crate::prelude::*;

/// Each batch commits separately, so that a row is locked only while its batch runs. The script can
/// run again: it skips rows that have a value.
pub const TRANSACTION: bool = false;

/// Updates a batch of rows in the order of their keys, from the given key on.
const BATCH: &str = r#"
    WITH batch AS (SELECT id AS key FROM products WHERE id >= $1 ORDER BY id LIMIT 1000),
    filled AS (
        UPDATE products SET
            color = coalesce(products.color, ''),
            price = coalesce(products.price, 0),
            size = coalesce(products.size, 'small'),
            seen_at = coalesce(products.seen_at, now()),
            day = coalesce(products.day, current_date),
            data = coalesce(products.data, '{}'),
            tags = coalesce(products.tags, '{}'),
            ref = coalesce(products.ref, uuid_generate_v4()),
            "for" = coalesce(products."for", '0'),
            blob = coalesce(products.blob, ''),
            cost = coalesce(products.cost, '0'),
            code = coalesce(products.code, name || left(id::text, 0))
        WHERE products.id IN (SELECT key FROM batch) AND (
            products.color IS NULL
            OR products.price IS NULL
            OR products.size IS NULL
            OR products.seen_at IS NULL
            OR products.day IS NULL
            OR products.data IS NULL
            OR products.tags IS NULL
            OR products.ref IS NULL
            OR products."for" IS NULL
            OR products.blob IS NULL
            OR products.cost IS NULL
            OR products.code IS NULL)
    )
    SELECT key FROM batch ORDER BY key DESC LIMIT 1"#;

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
