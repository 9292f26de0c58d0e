//! The promises of the engine, tried with real processes on real servers.
//!
//! Each test has a database of its own on the server that `TEST_DATABASE_URL` names; a test that
//! kills a server, or needs other settings, starts one of its own.

mod support;

mod cli;
mod compiled_once;
mod concurrent_statements;
mod empty_database;
mod generated;
mod hints;
mod honest;
mod interrupted;
mod killed;
mod lost;
mod once;
mod polite;
mod pooler;
mod protocol;
mod repair;
mod seaorm;
mod session_state;
mod signals;
mod states;
mod tls;
mod waiting;
