//! Inserts rows without a transaction, in batches that can run twice.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    for first in [101, 201, 301] {
        let sql = format!(
            "INSERT INTO notes SELECT n, 'note ' || n FROM generate_series({first}, {first} + 99) n
               ON CONFLICT (id) DO NOTHING"
        );
        schema.execute(sql).await?;
    }
    Ok(())
}

pub async fn down(schema: &Schema<'_>) -> Result {
    for first in [301, 201, 101] {
        schema.execute(format!("DELETE FROM notes WHERE id BETWEEN {first} AND {first} + 99")).await?;
    }
    Ok(())
}
