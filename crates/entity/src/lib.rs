//! The tables of the sample application, one file each, shared by the backend and the seeds.
//!
//! An entity says what a row looks like; what is done with rows is in the backend's models. In an
//! `ActiveModel`, leave `id`, `created_at` and `updated_at` out (`..Default::default()`): the database
//! fills them in, and a trigger keeps `updated_at`.
//!
//! Everything in `tables/` is written by `make entities`, from the migrations. `by_hand/user.rs`, beside
//! it, would belong to the entity `user`: the place of its `ActiveModelBehavior`, and of methods of its
//! `Model`, or of all of the entity instead.
#![deny(missing_docs)]
#![allow(
    uncommon_codepoints,
    confusable_idents,
    mixed_script_confusables,
    reason = "names of the database are of any language"
)]

mod tables;

pub use tables::*;
