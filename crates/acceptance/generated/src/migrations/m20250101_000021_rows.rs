//! Creates objects that the other scripts use.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "the other scripts use the objects that it creates";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("INSERT INTO organizations (name, slug) VALUES ('Acme', 'acme'); INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.com'); INSERT INTO products (name) SELECT 'Product ' || n FROM generate_series(1, 2499) n; INSERT INTO products (id, name) VALUES ('00000000-0000-0000-0000-000000000000', 'Nil')").await
}
