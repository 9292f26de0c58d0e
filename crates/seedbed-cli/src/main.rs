//! `seedbed`, the developer's command.
//!
//! The program writes new scripts, runs the local server and chooses the database. The program links no script, so it
//! runs even if a script does not compile. The commands that need the scripts run in the project's `migrator`, which
//! replaces this process.
#![deny(missing_docs)]

mod changed_scripts;
mod cli;
mod cli_error;
mod commands;
mod connection;
mod database;
mod derived_files;
mod display_path;
mod dry_run;
mod introspect;
mod migrated_schema;
mod migration_drift;
mod model_check;
mod output;
mod programs;
mod psql;
mod variables;
mod workspace;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::commands::migrator::{self, Build};
use crate::programs::MigratorBuild;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let build = match cli.command {
        Command::Make(_) => Build::Done,
        _ => Build::Needed,
    };
    match run(&cli, build) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::report_error(&error, build.spelling()),
    }
}

fn run(cli: &Cli, build: Build) -> anyhow::Result<()> {
    let root = cli.root.as_deref();
    match &cli.command {
        Command::Make(args) => {
            let line = commands::make::command_line(args)?;
            dispatch(root, build, &Cli::parse_from(line).command)
        }
        command => dispatch(root, build, command),
    }
}

fn dispatch(root: Option<&Path>, build: Build, command: &Command) -> anyhow::Result<()> {
    let spelling = build.spelling();
    let migrator = |name: &str, args: &migrator::Args| {
        commands::migrator::run(root, build, MigratorBuild::WithSeeds, name, &args.arguments)
    };
    let migrations = |name: &str, args: &migrator::Args| {
        commands::migrator::run(root, build, MigratorBuild::WithoutSeeds, name, &args.arguments)
    };
    match command {
        Command::FreshStart(args) => migrator("fresh-start", args),
        Command::MigrateUp(args) => migrations("migrate-up", args),
        Command::MigrateDown(args) => migrations("migrate-down", args),
        Command::MigrateRedo(args) => migrations("migrate-redo", args),
        Command::MigrateStatus(args) => migrations("migrate-status", args),
        Command::MigrateVerify(args) => commands::migrate_verify::run(root, build, args),
        Command::MigrateRepair(args) => migrations("migrate-repair", args),
        Command::SeedRepair(args) => migrator("seed-repair", args),
        Command::SeedUp(args) => migrator("seed-up", args),
        Command::SeedDown(args) => migrator("seed-down", args),
        Command::SeedRedo(args) => migrator("seed-redo", args),
        Command::SeedStatus(args) => migrator("seed-status", args),
        Command::DbReset(args) => migrator("db-reset", args),
        Command::Schema(args) => commands::schema::run(root, build, args),
        Command::SchemaCheck(args) => commands::schema::check(root, build, args),
        Command::Entities(args) => commands::entities::run(root, build, args),
        Command::EntitiesCheck(args) => commands::entities::check(root, build, args),
        Command::CreateMigration(args) => commands::create_migration::run(root, spelling, args),
        Command::CreateSeed(args) => commands::create_seed::run(root, args),
        Command::CreateModel(args) => commands::create_model::run(root, args),
        Command::DbStart => commands::db_start::run(root),
        Command::DbStop => commands::db_stop::run(root),
        Command::DbStatus => commands::db_status::run(root, spelling),
        Command::DbPsql(args) => commands::db_psql::run(root, spelling, args),
        Command::DbUrl(args) => commands::db_url::run(root, args),
        Command::Test(args) => commands::test::run(root, args),
        Command::Bench(args) => commands::bench::run(root, args),
        // The function `run` has replaced this command with the command that it stands for.
        Command::Make(_) => Ok(()),
    }
}
