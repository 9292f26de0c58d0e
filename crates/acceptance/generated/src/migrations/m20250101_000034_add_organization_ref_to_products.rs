//! Adds `organization_id` to `products`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .add_column(
            "products",
            uuid_null("organization_id").extra(
                "CONSTRAINT products_organization_id_fkey REFERENCES organizations (id) \
            ON DELETE RESTRICT",
            ),
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("products", "organization_id").await
}
