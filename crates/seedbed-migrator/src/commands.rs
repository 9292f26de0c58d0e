//! The commands, one file each, and the dispatch to them.

mod command_context;
mod db_reset;
mod down;
mod fresh_start;
mod redo;
mod repair;
mod schema;
mod schema_source;
mod status;
mod up;

use seedbed_engine::{Project, ScriptKind};

use self::command_context::CommandContext;
use crate::args::{Args, Command};
use crate::command_error::{CommandError, Success};
use crate::config::Config;
use crate::signals;

/// Runs the command that the arguments name.
pub(crate) fn run(
    project: &Project,
    args: &Args,
    config: &Config,
) -> Result<Success, CommandError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            CommandError::failure(
                format!("failed to start the async runtime: {error}"),
                "try again",
            )
        })?;
    runtime.block_on(async {
        let (cancellation, signals_ready) = signals::listen().map_err(|error| {
            CommandError::failure(format!("failed to listen for signals: {error}"), "try again")
        })?;
        let context = CommandContext::new(project, config, cancellation, signals_ready);
        let result = dispatch(&context, &args.command).await;
        context.spinner.stop();
        result
    })
}

async fn dispatch(
    context: &CommandContext<'_>,
    command: &Command,
) -> Result<Success, CommandError> {
    match command {
        Command::MigrateUp(args) => up::run(context, ScriptKind::Migration, args).await,
        Command::MigrateDown(args) => down::run(context, ScriptKind::Migration, args).await,
        Command::MigrateRedo(args) => redo::run(context, ScriptKind::Migration, args).await,
        Command::MigrateStatus(args) => status::run(context, ScriptKind::Migration, args).await,
        Command::MigrateRepair(args) => repair::run(context, ScriptKind::Migration, args).await,
        Command::SeedRepair(args) => repair::run(context, ScriptKind::Seed, args).await,
        Command::SeedUp(args) => up::run(context, ScriptKind::Seed, args).await,
        Command::SeedDown(args) => down::run(context, ScriptKind::Seed, args).await,
        Command::SeedRedo(args) => redo::run(context, ScriptKind::Seed, args).await,
        Command::SeedStatus(args) => status::run(context, ScriptKind::Seed, args).await,
        Command::FreshStart(args) => fresh_start::run(context, args).await,
        Command::DbReset(args) => db_reset::run(context, args).await,
        Command::Schema(args) => schema::run(context, args).await,
    }
}
