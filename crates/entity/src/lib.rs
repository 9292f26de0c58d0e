//! The tables of the sample application, one file each, shared by the backend and the seeds.
//!
//! An entity describes the columns of a row. The operations on rows are in the backend's models. In an
//! `ActiveModel`, leave out `id`, `created_at` and `updated_at` (`..Default::default()`): the database
//! fills them in, and a trigger updates `updated_at`.
//!
//! `make entities` generates everything in `tables/` from the migrations. A handwritten file for the entity
//! `user` is `by_hand/user.rs`, beside that folder. It holds the `ActiveModelBehavior` of the entity and the methods
//! of its `Model`, or replaces the whole entity.
#![deny(missing_docs)]
#![allow(
    uncommon_codepoints,
    confusable_idents,
    mixed_script_confusables,
    reason = "names in the database may be in any language"
)]

mod tables;

pub use tables::*;
