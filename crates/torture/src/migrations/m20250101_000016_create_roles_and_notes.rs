//! Creates tables for the seeds, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    let table = |name: &'static str| {
        Table::create().table(name).col(integer("id").primary_key()).col(text("name")).take()
    };
    schema.create_table(table("roles")).await?;
    schema.add_index(index("roles", ["name"]).unique()).await?;
    schema.create_table(table("notes")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("notes").await?;
    schema.drop_table("roles").await
}
