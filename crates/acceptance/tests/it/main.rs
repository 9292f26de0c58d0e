//! What needs everything: what the generator writes, compiled and applied, and how the workspace is built.

mod compiled_once;
mod generated;
