//! Users get a display name, step 2 of 3: existing users get their name.
use uuid::Uuid;

use crate::prelude::*;

/// Each batch commits by itself, so that no row stays locked for longer than its batch takes. Safe to
/// repeat: a name that is there is left alone. On a table of some thousand rows one UPDATE in a
/// transaction does as well.
pub const TRANSACTION: bool = false;

/// One batch of users in the order of their ids, after the last of the batch before.
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

/// Nothing to take back: who chose which name is not known any more, and reverting step 1 removes
/// them all.
pub async fn down(_: &Schema<'_>) -> Result {
    Ok(())
}
