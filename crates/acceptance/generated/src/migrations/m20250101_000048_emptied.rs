//! Creates objects that the other scripts use.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "the other scripts use the objects that it creates";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE empty_things (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), name varchar(20) NOT NULL, owner_id uuid NOT NULL CONSTRAINT owned REFERENCES users ON DELETE CASCADE); CREATE INDEX empty_things_owner_id_idx ON empty_things (owner_id)").await
}
