//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE removed_things (id integer PRIMARY KEY, parent integer CONSTRAINT removed_parent REFERENCES removed_things ON DELETE SET NULL, price numeric(10,2) NOT NULL DEFAULT 1 CHECK (price > 0), counted bigserial, UNIQUE (parent, counted)); CREATE INDEX removed_prices ON removed_things (price DESC) WHERE price > 1; COMMENT ON COLUMN removed_things.price IS 'in euros'; COMMENT ON INDEX removed_prices IS 'the dear ones'; COMMENT ON CONSTRAINT removed_things_price_check ON removed_things IS 'nothing is free'; INSERT INTO removed_things (id) VALUES (1), (2)").await
}
