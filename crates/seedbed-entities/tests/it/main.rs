//! Tests of generated entities against real schemas.
#![expect(unreachable_pub, reason = "SeaORM's macros want public fields")]
#![allow(
    uncommon_codepoints,
    confusable_idents,
    mixed_script_confusables,
    reason = "names of the database are of any language"
)]

mod check;
mod compiled;
mod files;
mod support;

mod nasty;
mod odd;
mod types;
