//! `entities`: writes the entities from the migrated schema, or checks them against it.
//!
//! A program of its own, as the `migrator` is built anew after each edit of a script and shall link
//! nothing that it does not need. All databases that it uses are made for a moment, on the server that
//! `DATABASE_URL` names; the database of that name is not touched, and need not be there.

mod check;
mod database;
mod files;
mod models;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;
use seedbed_engine::{Error, SessionOptions, Url};

/// The entities, and the schema that the migrations make.
#[derive(Debug, clap::Parser)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.")]
struct Args {
    #[command(subcommand)]
    command: Command,
    /// The server, by the URL of a database on it.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true, global = true)]
    database_url: Option<String>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write the entities into that folder, and print which files have changed.
    Write { folder: PathBuf },
    /// End with 1 unless the entities are what the migrations make, and the folder what `write` writes.
    Check {
        folder: PathBuf,
        /// The folder of the models, which have to follow the entities.
        #[arg(long, value_name = "FOLDER")]
        models: Option<PathBuf>,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let Some(url) = args.database_url.filter(|url| !url.is_empty()) else {
        anstream::eprintln!("error: no database: DATABASE_URL is not set");
        anstream::eprintln!("hint: `make entities`, which knows a database for development");
        return ExitCode::from(2);
    };
    match run(&args.command, &url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            if let Some(hint) = hint(&error) {
                anstream::eprintln!("hint: {hint}");
            }
            let interrupted = matches!(error.downcast_ref(), Some(Error::Interrupted));
            ExitCode::from(if interrupted { 130 } else { 1 })
        }
    }
}

async fn run(command: &Command, url: &str) -> anyhow::Result<()> {
    let options = SessionOptions::new(Url::parse(url).map_err(Error::from)?);
    match command {
        Command::Write { folder } => write::run(&options, folder).await,
        Command::Check { folder, models } => check::run(&options, folder, models.as_deref()).await,
    }
}

fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<Error>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<seedbed_schema::Error>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<check::NotWritten>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<models::Astray>() {
        return Some(error.hint());
    }
    error.downcast_ref::<seedbed_entities::Error>().map(seedbed_entities::Error::hint)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn clap_accepts_the_command_line() {
        Args::command().debug_assert();
    }
}
