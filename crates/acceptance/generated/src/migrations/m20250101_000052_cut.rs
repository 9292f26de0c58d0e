//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE cut_things (id integer PRIMARY KEY, long text, codes text[], bits text)",
        )
        .await
}
