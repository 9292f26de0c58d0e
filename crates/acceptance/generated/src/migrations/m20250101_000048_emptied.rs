//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE empty_things (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), name varchar(20) NOT NULL, owner_id uuid NOT NULL CONSTRAINT owned REFERENCES users ON DELETE CASCADE); CREATE INDEX empty_things_owner_id_idx ON empty_things (owner_id)").await
}
