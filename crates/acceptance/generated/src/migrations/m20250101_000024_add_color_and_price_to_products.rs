//! Adds `color`, `price`, `size`, `seen_at`, `day`, `data`, `tags`, `ref`, `for`, `flag`, `blob`,
//! `cost` and `code` to `products`. Step 1 of 3 toward NOT NULL: nullable.
//!
//! From now on the application has to write it. `migrate-up` applies all steps at once. In
//! production, deploy each step separately with `migrate-up --to` and its name, and the last one
//! when no running application writes nulls.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_enum("product_size", ["small", "large"]).await?;
    schema.add_column("products", string_null("color")).await?;
    schema.add_column("products", decimal_len_null("price", 10, 2)).await?;
    schema.add_column("products", custom_null("size", "product_size")).await?;
    schema.add_column("products", timestamptz_null("seen_at")).await?;
    schema.add_column("products", date_null("day")).await?;
    schema.add_column("products", json_binary_null("data")).await?;
    schema.add_column("products", array_null("tags", ColumnType::Text)).await?;
    schema.add_column("products", uuid_null("ref")).await?;
    schema.add_column("products", interval_null("for", None, None)).await?;
    schema.add_column("products", boolean("flag").default(true)).await?;
    schema.add_column("products", binary_null("blob")).await?;
    schema.add_column("products", money_null("cost")).await?;
    schema.add_column("products", string_null("code")).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("products", "code").await?;
    schema.remove_column("products", "cost").await?;
    schema.remove_column("products", "blob").await?;
    schema.remove_column("products", "flag").await?;
    schema.remove_column("products", "for").await?;
    schema.remove_column("products", "ref").await?;
    schema.remove_column("products", "tags").await?;
    schema.remove_column("products", "data").await?;
    schema.remove_column("products", "day").await?;
    schema.remove_column("products", "seen_at").await?;
    schema.remove_column("products", "size").await?;
    schema.remove_column("products", "price").await?;
    schema.remove_column("products", "color").await?;
    schema.drop_enum("product_size").await
}
