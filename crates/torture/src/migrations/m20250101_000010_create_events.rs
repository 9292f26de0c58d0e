//! Creates a partitioned table, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE events (id int NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
             CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
             CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
             INSERT INTO events SELECT n, date '2024-01-01' + n * 7 FROM generate_series(1, 100) n",
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("events").await
}
