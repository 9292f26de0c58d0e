//! Backfills the display name of users with their name, step 2 of 3.
use uuid::Uuid;

use crate::prelude::*;

/// Each batch commits by itself, so that no row stays locked for longer than its batch takes. The script can be
/// repeated, because it skips users with a display name. On a table of a few thousand rows, one UPDATE in a transaction
/// is sufficient.
pub const TRANSACTION: bool = false;

/// Updates one batch of users in the order of their ids, after the last user of the previous batch.
const BATCH: &str = "
    WITH batch AS (SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT 1000),
    filled AS (
        UPDATE users SET display_name = users.name
        FROM batch WHERE users.id = batch.id AND users.display_name IS NULL
    )
    SELECT id FROM batch ORDER BY id DESC LIMIT 1";

pub async fn up(schema: &Schema<'_>) -> Result {
    let mut last = Uuid::nil();
    loop {
        let batch = Statement::from_sql_and_values(DbBackend::Postgres, BATCH, [last.into()]);
        match schema.query_one_raw(batch).await? {
            Some(row) => last = row.try_get("", "id")?,
            None => return Ok(()),
        }
    }
}

/// Reverts nothing. It is no longer known which display names users have chosen, and reverting step 1 removes the
/// column.
pub async fn down(_: &Schema<'_>) -> Result {
    Ok(())
}
