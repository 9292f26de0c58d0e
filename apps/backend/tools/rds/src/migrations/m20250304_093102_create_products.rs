//! Creates `products`, the plans and add-ons that an organization can buy.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("product_type", ["plan", "addon"]).await?;
    schema
        .create_table(
            Table::create()
                .table("products")
                .col(id())
                .col(string("name"))
                .col(custom("type", "product_type"))
                .col(string_null("external_id").unique_key())
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("products", ["type", "name"]).unique()).await?;
    schema.execute("SELECT keep_updated_at('products')").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_table("products").await?;
    schema.drop_enum("product_type").await
}
