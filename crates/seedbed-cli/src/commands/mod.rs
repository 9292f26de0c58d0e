//! The commands. Each command is a file with one function `run`.

pub(crate) mod bench;
pub(crate) mod create_migration;
pub(crate) mod create_model;
pub(crate) mod create_seed;
pub(crate) mod db_psql;
pub(crate) mod db_start;
pub(crate) mod db_status;
pub(crate) mod db_stop;
pub(crate) mod db_url;
pub(crate) mod entities;
pub(crate) mod make;
pub(crate) mod migrate_verify;
pub(crate) mod migrator;
mod new_script;
pub(crate) mod schema;
pub(crate) mod test;
