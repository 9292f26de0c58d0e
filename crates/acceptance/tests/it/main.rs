//! Tests that need the whole workspace: the scripts of the generator, compiled and applied, and the builds of the
//! workspace.

mod compiled_once;
mod generated;
