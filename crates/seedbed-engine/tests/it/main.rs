//! The behavior of the engine, tested with real processes on real servers. Each file is named after a behavior.
//!
//! Each test has its own database on the server that `TEST_DATABASE_URL` names. A test that stops a server, or needs
//! other settings, starts its own server.

mod concurrency;
mod concurrent_statements;
mod connection_loss;
mod crash_recovery;
mod detached_partitions;
mod empty_database;
mod error_reports;
mod hints;
mod interrupted_scripts;
mod lock_timeouts;
mod locked_history;
mod other_schemas;
mod pooler;
mod preflight;
mod privileges;
mod runner_lock;
mod schema;
mod schema_check;
mod sea_orm_files;
mod seeds;
mod server_messages;
mod session_reset;
mod targets;
mod temporary_databases;
mod tls;
