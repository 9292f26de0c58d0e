//! Creates what the other scripts work on.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "the other scripts work on what it creates";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "CREATE TABLE cut_things (id integer PRIMARY KEY, long text, codes text[], bits text)",
        )
        .await
}
