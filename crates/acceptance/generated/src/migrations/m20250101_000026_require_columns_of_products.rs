//! Sets `color`, `price`, `size`, `seen_at`, `day`, `data`, `tags`, `ref`, `for`, `blob`, `cost`
//! and `code` of `products` to NOT NULL, step 3 of 3.
//!
//! `migrate-up` applies all steps at once. In production, deploy each step separately with
//! `migrate-up --to` and its name, and the last one when no running application writes nulls.
use crate::prelude::*;

/// [`Schema::set_not_null`] uses a validated check, which does not block other sessions if each of
/// its statements commits separately. The script can run again.
pub const TRANSACTION: bool = false;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.set_not_null("products", "color").await?;
    schema.set_not_null("products", "price").await?;
    schema.set_not_null("products", "size").await?;
    schema.set_not_null("products", "seen_at").await?;
    schema.set_not_null("products", "day").await?;
    schema.set_not_null("products", "data").await?;
    schema.set_not_null("products", "tags").await?;
    schema.set_not_null("products", "ref").await?;
    schema.set_not_null("products", "for").await?;
    schema.set_not_null("products", "blob").await?;
    schema.set_not_null("products", "cost").await?;
    schema.set_not_null("products", "code").await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.drop_not_null("products", "code").await?;
    schema.drop_not_null("products", "cost").await?;
    schema.drop_not_null("products", "blob").await?;
    schema.drop_not_null("products", "for").await?;
    schema.drop_not_null("products", "ref").await?;
    schema.drop_not_null("products", "tags").await?;
    schema.drop_not_null("products", "data").await?;
    schema.drop_not_null("products", "day").await?;
    schema.drop_not_null("products", "seen_at").await?;
    schema.drop_not_null("products", "size").await?;
    schema.drop_not_null("products", "price").await?;
    schema.drop_not_null("products", "color").await
}
