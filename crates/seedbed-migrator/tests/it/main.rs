//! Tests the command line of a migrator: arguments, output and exit codes. Each file is named after a command or a
//! behavior.

mod connections;
mod db_reset;
mod dry_run;
mod env_file;
mod hint_spelling;
mod migrate_repair;
mod migrate_verify;
mod schema;
mod schema_diff_options;
mod server_versions;
mod signals;
mod status;
mod support;
mod temporary_database;
mod terminal;
mod urls;
mod usage;
