//! The command line.

use std::path::PathBuf;

use crate::commands::{create_migration, create_model, create_seed, db_psql, db_url};

/// New migrations and seeds, and the private database server of this checkout.
#[derive(Debug, clap::Parser)]
#[command(name = "seedbed", version, after_help = "Exit codes: 0 done, 1 failed, 2 wrong use.")]
pub(crate) struct Cli {
    /// The checkout; otherwise found above the current folder.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write a new migration and print its path.
    CreateMigration(create_migration::Args),
    /// Write a new seed and print its path.
    CreateSeed(create_seed::Args),
    /// Write a model of an entity, its test and its line in the list, and print their paths.
    CreateModel(create_model::Args),
    /// Start the private server, unless it is running.
    DbStart,
    /// Stop the private server, and the one for tests.
    DbStop,
    /// Tell whether the private servers are running, and where.
    DbStatus,
    /// Open psql on the database that `DATABASE_URL` names, else on the private server.
    DbPsql(db_psql::Args),
    /// Print the URL of the database, starting the private server if `DATABASE_URL` is not set.
    DbUrl(db_url::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
