//! Creates objects that the other scripts use.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "the other scripts use the objects that it creates";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE cut_things (id integer PRIMARY KEY, long text, codes text[], bits text)",
        )
        .await
}
