//! Backfills `label` of `collated_things`, step 2 of 3.
use crate::prelude::*;

/// Each batch commits separately, so that a row is locked only while its batch runs. The script can
/// run again: it skips rows that have a value.
pub const TRANSACTION: bool = false;

/// Updates a batch of rows in the order of their keys, from the given key on.
const BATCH: &str = "
    WITH batch AS (SELECT id AS key FROM collated_things WHERE id >= $1 ORDER BY id LIMIT 1000),
    filled AS (
        UPDATE collated_things SET label = 'n' || id
        WHERE collated_things.id IN (SELECT key FROM batch) AND collated_things.label IS NULL
    )
    SELECT key::bigint FROM batch ORDER BY key DESC LIMIT 1";

pub async fn up(schema: &Schema<'_>) -> Result {
    let mut from = Some(i64::MIN);
    while let Some(key) = from {
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [key.into()]);
        from = match schema.query_one_raw(batch).await? {
            Some(row) => {
                let last: i64 = row.try_get("", "key")?;
                last.checked_add(1)
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
