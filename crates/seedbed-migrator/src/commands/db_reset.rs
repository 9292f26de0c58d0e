//! The command `db-reset` drops the database, creates it again and applies all scripts. It asks for confirmation first.

use std::io::IsTerminal as _;

use seedbed_engine::{
    Event, Hint, Recreation, SuggestedCommand, Url, ensure_can_recreate, recreate_database,
};

use super::command_context::CommandContext;
use super::fresh_start;
use crate::args::ResetArgs;
use crate::command_error::{CommandError, Success};
use crate::config::Config;
use crate::print;

/// Returns the hint for a question that was not answered, or was answered with "no".
fn skip_confirmation() -> Hint {
    Hint::text("to skip the question, run ").then_command(SuggestedCommand::DbReset { yes: true })
}

pub(crate) async fn run(
    context: &CommandContext<'_>,
    args: &ResetArgs,
) -> Result<Success, CommandError> {
    let config = context.config;
    let url = &config.options.url;
    ensure_allowed(config, args)?;
    let is_dry = args.dry_run.dry_run;
    if !args.yes && !is_dry {
        ensure_terminal()?;
    }
    // Everything that can be checked is checked before the database is dropped.
    let plan = fresh_start::plan_for_new_database(context)?;
    let events = |event: &Event<'_>| context.print_event(event);
    let checking = ensure_can_recreate(&config.options, Recreation::DropAndCreate, &events);
    context.cancellation.run_until_canceled(checking).await??;
    if is_dry {
        config.output.print_plan(&[("drop", url), ("create", url)], &plan, fresh_start::NO_SCRIPTS);
        return Ok(Success::Done);
    }
    if !args.yes && !confirm(&format!("Drop {url} and everything in it?"))? {
        return Err(CommandError::failure(
            "not confirmed; nothing was dropped",
            skip_confirmation(),
        ));
    }
    context.cancellation.run_until_canceled(recreate_database(&config.options, &events)).await??;
    if !config.output.json {
        print::stdout_line(&format!("dropped  {url}"));
        print::stdout_line(&format!("created  {url}"));
    }
    let report = fresh_start::create_and_apply(context).await?;
    context.spinner.stop();
    config.output.print_report(&report, fresh_start::NO_SCRIPTS);
    Ok(Success::Done)
}

/// Fails in production, and for a server on another machine unless `--database-name` confirms the name of the database.
fn ensure_allowed(config: &Config, args: &ResetArgs) -> Result<(), CommandError> {
    let url = &config.options.url;
    if config.options.environment.is_production() {
        return Err(CommandError::failure(
            "`db-reset` is refused in production; nothing was dropped",
            "set `APP_ENV` to the environment of the database, if that is not production",
        ));
    }
    match &args.database_name {
        Some(name) if name != url.database() => Err(CommandError::usage(
            format!(
                "`--database-name` is `{name}`, but the URL names `{}`; nothing was dropped",
                url.database()
            ),
            format!("add `--database-name {}` if that is the database to drop", url.database()),
        )),
        None if !url.is_local() && !is_compose_service(url) => Err(CommandError::usage(
            format!(
                "the server `{}` is neither on this machine nor a Docker Compose service; nothing was dropped",
                url.server()
            ),
            format!("add `--database-name {}` if that is the database to drop", url.database()),
        )),
        _ => Ok(()),
    }
}

/// Returns whether the database is on the database service of the Compose file. In the tool container,
/// `SEEDBED_SERVICE_URL` names this service.
fn is_compose_service(url: &Url) -> bool {
    std::env::var("SEEDBED_SERVICE_URL")
        .ok()
        .and_then(|service| Url::parse(&service).ok())
        .is_some_and(|service| service.server() == url.server())
}

/// Fails if nobody can answer the question.
fn ensure_terminal() -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(CommandError::usage(
        "`db-reset` asks for confirmation, but stdin is not a terminal; nothing was dropped",
        skip_confirmation(),
    ))
}

fn confirm(question: &str) -> Result<bool, CommandError> {
    print::stderr(&format!("{question} [y/N] "));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| {
        CommandError::failure(format!("failed to read the answer: {error}"), skip_confirmation())
    })?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
