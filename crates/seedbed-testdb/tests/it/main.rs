//! Tests `TestDatabase` and `TestTransaction` on the test server of this workspace.
//!
//! A test that kills a process, makes a process panic, or needs different environment variables starts the test binary
//! again, with one of the ignored tests in `worker_processes`.

mod connections;
mod isolation;
mod orphans;
mod reset;
mod server;
mod support;
mod templates;
mod transactions;
mod worker_processes;
