//! Adds `owner_id` and `serial_number` to `products`. Step 1 of 3 toward NOT NULL: nullable.
//!
//! From now on the application has to write it. `migrate-up` applies all steps at once. In
//! production, deploy each step separately with `migrate-up --to` and its name, and the last one
//! when no running application writes nulls.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .add_column(
            "products",
            uuid_null("owner_id").extra(
                "CONSTRAINT products_owner_id_fkey REFERENCES users (id) ON DELETE RESTRICT",
            ),
        )
        .await?;
    schema.add_column("products", integer("serial_number").auto_increment()).await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.remove_column("products", "serial_number").await?;
    schema.remove_column("products", "owner_id").await
}
