//! Creates a table with an index and rows, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    let words = Table::create()
        .table("words")
        .col(integer("id").primary_key())
        .col(text("name"))
        .col(integer_null("length"))
        .take();
    schema.create_table(&words).await?;
    schema.add_index(index("words", ["name"])).await?;
    let rows =
        "INSERT INTO words (id, name) SELECT n, 'word ' || n FROM generate_series(1, 400) n";
    schema.execute(rows).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("words").await
}
