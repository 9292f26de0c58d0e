//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE changed_things (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), other uuid, parent integer NOT NULL, price numeric(10,2) NOT NULL DEFAULT 1, moved varchar(20) DEFAULT '3', status status DEFAULT 'draft', CONSTRAINT price_is_positive CHECK (price > 0)); INSERT INTO changed_things (parent, moved) VALUES (1, '7'), (2, NULL); CREATE TYPE unused AS ENUM ('a', 'it''s'); COMMENT ON TYPE unused IS 'nobody''s'").await
}
