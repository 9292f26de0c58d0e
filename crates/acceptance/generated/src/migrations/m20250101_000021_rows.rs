//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("INSERT INTO organizations (name, slug) VALUES ('Acme', 'acme'); INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.com'); INSERT INTO products (name) SELECT 'Product ' || n FROM generate_series(1, 2499) n; INSERT INTO products (id, name) VALUES ('00000000-0000-0000-0000-000000000000', 'Nil')").await
}
