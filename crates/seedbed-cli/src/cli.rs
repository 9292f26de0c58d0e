//! The command line of `seedbed`, with every command.

use std::path::PathBuf;

use crate::commands::{
    bench, create_migration, create_model, create_seed, db_psql, db_url, entities, make, migrator,
    schema, test,
};

/// Migrations, seeds and the development database of this checkout.
#[derive(Debug, clap::Parser)]
#[command(
    name = "seedbed",
    version,
    after_help = "Exit codes: 0 success, 1 failure, 2 usage error, 3 with `migrate-status --exit-code` or `seed-status \
                  --exit-code` if a script is pending, modified, missing or interrupted, 130 interrupted."
)]
pub(crate) struct Cli {
    /// The root of the checkout [default: the nearest one above the current folder].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Create the database if it is missing, then apply all migrations and all seeds.
    #[command(disable_help_flag = true)]
    FreshStart(migrator::Args),
    /// Apply the pending migrations.
    #[command(disable_help_flag = true)]
    MigrateUp(migrator::Args),
    /// Revert the newest applied migration.
    #[command(disable_help_flag = true)]
    MigrateDown(migrator::Args),
    /// Revert the newest applied migration and apply it again.
    #[command(disable_help_flag = true)]
    MigrateRedo(migrator::Args),
    /// Print the state of every migration.
    #[command(disable_help_flag = true)]
    MigrateStatus(migrator::Args),
    /// Apply the pending seeds of this environment.
    #[command(disable_help_flag = true)]
    SeedUp(migrator::Args),
    /// Revert all applied seeds of this environment, newest first.
    #[command(disable_help_flag = true)]
    SeedDown(migrator::Args),
    /// Prove on temporary databases that each script can be reverted; `--since REF` for the changed ones only.
    #[command(disable_help_flag = true)]
    MigrateVerify(migrator::Args),
    /// Correct the history by name, without running a script.
    #[command(disable_help_flag = true)]
    MigrateRepair(migrator::Args),
    /// Correct the history of the seeds by name, without running a script.
    #[command(disable_help_flag = true)]
    SeedRepair(migrator::Args),
    /// Revert the newest applied seed and apply it again.
    #[command(disable_help_flag = true)]
    SeedRedo(migrator::Args),
    /// Print the state of every seed of this environment.
    #[command(disable_help_flag = true)]
    SeedStatus(migrator::Args),
    /// Drop the database, create it again, then apply all migrations and all seeds.
    #[command(disable_help_flag = true)]
    DbReset(migrator::Args),
    /// Write the schema of the migrations to schema.sql, schema.md and schema.svg, print a schema, or compare two.
    Schema(schema::Args),
    /// Fail unless schema.sql, schema.md and schema.svg match the migrations.
    SchemaCheck(schema::CheckArgs),
    /// Generate the entities from the schema of the migrations.
    Entities(entities::Args),
    /// Fail unless the entities match the migrations.
    EntitiesCheck(entities::Args),
    /// Write a new migration and print its path.
    CreateMigration(create_migration::Args),
    /// Write a new seed and print its path.
    CreateSeed(create_seed::Args),
    /// Write a model for an entity and its test, register both, and print their paths.
    CreateModel(create_model::Args),
    /// Start the local server, unless it is running.
    DbStart,
    /// Stop the local server and the local server for tests.
    DbStop,
    /// Print the state of the local servers.
    DbStatus,
    /// Open psql on the development database.
    DbPsql(db_psql::Args),
    /// Print the URL of the development database, starting the local server if the database is on it.
    DbUrl(db_url::Args),
    /// Run the tests of this workspace, with a server on which each test creates its own database.
    #[command(hide = true)]
    Test(test::Args),
    /// Run the benchmark of this workspace.
    #[command(hide = true)]
    Bench(bench::Args),
    /// Run a target of the Makefile, for its launcher.
    #[command(hide = true)]
    Make(make::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn clap_accepts_the_command_line() {
        Cli::command().debug_assert();
    }
}
