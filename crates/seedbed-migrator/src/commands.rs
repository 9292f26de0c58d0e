//! The commands, each in its own file, and the dispatch to them.

mod command_context;
mod db_reset;
mod down;
mod fresh_start;
mod redo;
mod repair;
mod schema;
mod schema_source;
mod status;
mod temporary_database;
mod up;
mod verify;

use seedbed_engine::{Project, ScriptKind};

use self::command_context::CommandContext;
use crate::args::{Args, MigratorCommand};
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
    command: &MigratorCommand,
) -> Result<Success, CommandError> {
    match command {
        MigratorCommand::MigrateUp(args) => up::run(context, ScriptKind::Migration, args).await,
        MigratorCommand::MigrateDown(args) => down::run(context, ScriptKind::Migration, args).await,
        MigratorCommand::MigrateRedo(args) => redo::run(context, ScriptKind::Migration, args).await,
        MigratorCommand::MigrateStatus(args) => {
            status::run(context, ScriptKind::Migration, args).await
        }
        MigratorCommand::MigrateRepair(args) => {
            repair::run(context, ScriptKind::Migration, args).await
        }
        MigratorCommand::SeedRepair(args) => repair::run(context, ScriptKind::Seed, args).await,
        MigratorCommand::MigrateVerify(args) => verify::run(context, args).await,
        MigratorCommand::SeedUp(args) => up::run(context, ScriptKind::Seed, args).await,
        MigratorCommand::SeedDown(args) => down::run(context, ScriptKind::Seed, args).await,
        MigratorCommand::SeedRedo(args) => redo::run(context, ScriptKind::Seed, args).await,
        MigratorCommand::SeedStatus(args) => status::run(context, ScriptKind::Seed, args).await,
        MigratorCommand::FreshStart(args) => fresh_start::run(context, args).await,
        MigratorCommand::DbReset(args) => db_reset::run(context, args).await,
        MigratorCommand::Schema(args) => schema::run(context, args).await,
        MigratorCommand::TemporaryDatabase(args) => temporary_database::run(context, args).await,
    }
}
