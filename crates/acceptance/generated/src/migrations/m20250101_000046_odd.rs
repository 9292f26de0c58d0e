//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE odd_things (id integer GENERATED ALWAYS AS IDENTITY, other uuid NOT NULL DEFAULT uuid_generate_v4(), \"Order\" text COLLATE \"C\" DEFAULT 'a ''b'' \\ \"c\"', counted bigserial, twice integer GENERATED ALWAYS AS (1 + 1) STORED, status status DEFAULT 'draft', parent integer, price numeric(10,2) NOT NULL DEFAULT 1, moved varchar, CONSTRAINT odd_key PRIMARY KEY (id), CONSTRAINT odd_unique UNIQUE (\"Order\", parent) DEFERRABLE, CONSTRAINT odd_parent FOREIGN KEY (parent) REFERENCES odd_things ON UPDATE CASCADE, CONSTRAINT odd_things_price_check CHECK (price > 0), CONSTRAINT odd_excluded EXCLUDE USING btree (other WITH =)); CREATE INDEX odd_lower ON odd_things (lower(\"Order\") DESC) WHERE parent > 0; CREATE INDEX odd_things_price_idx ON odd_things (price); COMMENT ON TABLE odd_things IS 'it''s odd'; COMMENT ON INDEX odd_lower IS 'in small letters'; COMMENT ON CONSTRAINT odd_parent ON odd_things IS 'the odd one above'; COMMENT ON COLUMN odd_things.\"Order\" IS 'in C'; CREATE TRIGGER odd_trigger AFTER INSERT ON odd_things FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger()").await
}
