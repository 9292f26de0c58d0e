//! `seedbed`, the developer's command: writes new scripts and handles the private database server.
//!
//! It links no script, so a script that does not compile never keeps it from running. It runs no
//! script either: that is what `migrator` does.
#![deny(missing_docs)]

mod cli;
mod commands;
mod connection;
mod environment;
mod history;
mod output;
mod path;
mod present;
mod private;
mod psql;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::failure(&error),
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let root = cli.root.as_deref();
    match &cli.command {
        Command::CreateMigration(args) => commands::create_migration::run(root, args),
        Command::CreateSeed(args) => commands::create_seed::run(root, args),
        Command::CreateModel(args) => commands::create_model::run(root, args),
        Command::DbStart => commands::db_start::run(root),
        Command::DbStop => commands::db_stop::run(root),
        Command::DbStatus => commands::db_status::run(root),
        Command::DbPsql(args) => commands::db_psql::run(root, args),
        Command::DbUrl(args) => commands::db_url::run(root, args),
    }
}
