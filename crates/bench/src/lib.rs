//! The names and the SQL of the generated scripts, which the benchmark and `bench-migrator` share.
#![deny(missing_docs)]

mod script_names;
mod script_sql;

pub use script_names::{MAX_SCRIPTS, script_name};
pub use script_sql::script_sql;
