//! Tests of the databases for tests, on the server that the tests of this workspace use.
//!
//! A test that kills a process, lets one panic, or needs another environment starts this program again, with one of the
//! ignored tests in `worker_processes`.

mod connections;
mod isolation;
mod orphans;
mod reset;
mod server;
mod support;
mod templates;
mod transactions;
mod worker_processes;
