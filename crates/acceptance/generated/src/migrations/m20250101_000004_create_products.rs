//! Creates `products`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("product_kind", ["plan", "addon"]).await?;
    schema
        .create_table(
            Table::create()
                .table("products")
                .col(id())
                .col(string("name"))
                .col(custom("kind", "product_kind").default("plan"))
                .col(string_len_null("external_id", 40))
                .col(integer_null("order"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("products", ["external_id"]).unique()).await?;
    schema.execute("SELECT keep_updated_at('products')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("products").await?;
    schema.drop_enum("product_kind").await
}
