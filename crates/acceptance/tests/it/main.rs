//! Tests that need the whole workspace: generated scripts compile and can be applied, and each build selects the same driver
//! and ORM.

mod compiled_once;
mod generated;
