//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    rustdoc::all,
    clippy::doc_lazy_continuation,
    reason = "a comment in the database is text, and need not be Markdown"
)]

pub mod enums;
pub mod organization;
pub mod organization_member;
pub mod product;
pub mod role;
pub mod user;

/// Every entity, for what asks SeaORM about all of them.
#[must_use]
pub fn register(schema: sea_orm::SchemaBuilder) -> sea_orm::SchemaBuilder {
    schema
        .register(organization::Entity)
        .register(organization_member::Entity)
        .register(product::Entity)
        .register(role::Entity)
        .register(user::Entity)
}
