//! Adds `maintainer_id` to `products`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .add_column(
            "products",
            uuid_null("maintainer_id").extra(
                "CONSTRAINT products_maintainer_id_fkey REFERENCES users (id) \
            ON DELETE SET NULL",
            ),
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("products", "maintainer_id").await
}
