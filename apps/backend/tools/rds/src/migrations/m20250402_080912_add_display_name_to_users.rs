//! Users get a display name. A NOT NULL column for a table with rows, step 1 of 3: add it nullable.
//!
//! From here on the application writes the column. Deploy that before step 3.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.add_column("users", string_null("display_name")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("users", "display_name").await
}
