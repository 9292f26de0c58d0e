//! Databases for tests, on the server of the tests themselves.
//!
//! What is killed, or panics, or needs another environment, is a process of its own: this program
//! again, with one of the ignored tests of `worker_processes`.

mod connections;
mod isolation;
mod orphans;
mod reset;
mod server;
mod support;
mod templates;
mod transactions;
mod worker_processes;
