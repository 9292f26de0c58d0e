//! The tables, one file each.
// Written by `make entities` from the migrated schema: edit the migrations, and not this file.
#![allow(
    rustdoc::all,
    clippy::doc_lazy_continuation,
    reason = "a comment in the database is text, and need not be Markdown"
)]

pub mod enums;
pub mod extra_passport;
pub mod letter;
pub mod person;
pub mod stamp;

/// Every entity, for what asks SeaORM about all of them.
#[must_use]
pub fn register(schema: sea_orm::SchemaBuilder) -> sea_orm::SchemaBuilder {
    schema
        .register(extra_passport::Entity)
        .register(letter::Entity)
        .register(person::Entity)
        .register(stamp::Entity)
}
