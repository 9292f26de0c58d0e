//! Tests of generated entities against real schemas.
#![expect(unreachable_pub, reason = "SeaORM's macros want public fields")]
#![allow(
    dead_code,
    reason = "the entities are generated for a library, and tests use a few of them"
)]
#![allow(
    uncommon_codepoints,
    confusable_idents,
    mixed_script_confusables,
    reason = "names in the database may be in any language"
)]

mod chain_links;
mod compare;
mod compiled;
/// The error of the sample application, which generated models return.
#[path = "../../../../apps/backend/src/error.rs"]
mod error;
mod files;
mod generated_models;
mod model_files;
mod settings_values;
mod support;
mod tables;

mod chain;
mod models;
mod nasty;
mod odd;
mod settings;
mod shop;
mod types;

// The tests of the generated models expect these names at the root.
use error::Error;
use support::shop_database;
