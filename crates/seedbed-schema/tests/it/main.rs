//! Tests against the server that `TEST_DATABASE_URL` names.

mod clauses;
mod contract;
mod determinism;
mod difficult;
mod object_kinds;
mod random;
mod sql_files;
mod support;
mod unknown_options;
mod values;
