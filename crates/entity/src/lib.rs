//! The tables of the sample application, one file each, shared by the backend and the seeds.
//!
//! An entity says what a row looks like; what is done with rows is in the backend's models. In an
//! `ActiveModel`, leave `id`, `created_at` and `updated_at` out (`..Default::default()`): the database
//! fills them in, and a trigger keeps `updated_at`.
#![deny(missing_docs)]

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
