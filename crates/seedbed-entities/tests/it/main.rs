//! Tests of generated entities against real schemas.
#![expect(unreachable_pub, reason = "SeaORM's macros want public fields")]
#![allow(dead_code, reason = "the entities are generated as for a library, and this is not one")]
#![allow(
    uncommon_codepoints,
    confusable_idents,
    mixed_script_confusables,
    reason = "names of the database are of any language"
)]

mod chain_links;
mod compare;
mod compiled;
mod files;
mod settings_values;
mod support;
mod tables;

mod chain;
mod nasty;
mod odd;
mod settings;
mod types;
