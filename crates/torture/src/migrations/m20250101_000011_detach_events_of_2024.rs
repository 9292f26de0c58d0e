//! Executes DETACH PARTITION CONCURRENTLY. `down` can run twice.
use crate::prelude::*;

pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY").await
}

/// Attaches the partition, and drops the check that a concurrent detach leaves in place of the bounds.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "DO $$ DECLARE name text; BEGIN
               IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'events_2024'::regclass) THEN
                 ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
               END IF;
               FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'events_2024'::regclass AND contype = 'c' LOOP
                 EXECUTE format('ALTER TABLE events_2024 DROP CONSTRAINT %I', name);
               END LOOP;
             END $$",
        )
        .await
}
