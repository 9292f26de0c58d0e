//! The command `fresh-start` creates the database if it is missing, and then applies all migrations and all seeds. It
//! drops nothing.

use seedbed_engine::{
    Action, ConnectError, DatabaseCreation, Error, Event, History, Plan, Recreation, RunReport,
    RunRequest, Runner, ScriptKind, Session, Target, create_database, ensure_can_recreate, plan,
};

use super::command_context::{CommandContext, merge_reports};
use crate::args::DryRunArgs;
use crate::command_error::{CommandError, Success};
use crate::print;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    args: &DryRunArgs,
) -> Result<Success, CommandError> {
    let output = context.config.output;
    if args.dry_run {
        return dry_run(context).await;
    }
    let report = create_and_apply(context).await?;
    context.spinner.stop();
    output.print_report(&report, "nothing to do: everything is applied");
    Ok(Success::Done)
}

/// Creates the database if it is missing and applies all scripts. The command `db-reset` calls this function, too.
pub(super) async fn create_and_apply(
    context: &CommandContext<'_>,
) -> Result<RunReport, CommandError> {
    let options = &context.config.options;
    let events = |event: &Event<'_>| context.print_event(event);
    let creating = create_database(options, &events);
    if context.cancellation.run_until_canceled(creating).await?? == DatabaseCreation::Created
        && !context.config.output.json
    {
        print::stdout_line(&format!("created  {}", options.url));
    }
    let session = context.connect().await?;
    let runner = Runner::new(&session, context.project, &events, context.cancellation.clone())?;
    let migration_report = runner.run(ScriptKind::Migration, &request(context)).await?;
    let seed_report = match runner.run(ScriptKind::Seed, &request(context)).await {
        Ok(seed_report) => seed_report,
        Err(failure) => {
            return Err(CommandError::from(failure).with_earlier_report(migration_report));
        }
    };
    drop(runner);
    session.close().await;
    Ok(merge_reports(migration_report, seed_report))
}

/// Prints the scripts that would run. If the database is missing, checks that the role may create it.
async fn dry_run(context: &CommandContext<'_>) -> Result<Success, CommandError> {
    let events = |event: &Event<'_>| context.print_event(event);
    let options = &context.config.options;
    let connecting = Session::connect(options.clone(), &events);
    let session = match context.cancellation.run_until_canceled(connecting).await? {
        Ok(session) => session,
        Err(ConnectError::NoDatabase { .. }) => {
            let plan = plan_for_new_database(context)?;
            let checking = ensure_can_recreate(options, Recreation::Create, &events);
            context.cancellation.run_until_canceled(checking).await??;
            let database = [("create", &options.url)];
            context.config.output.print_plan(&database, &plan, NO_SCRIPTS);
            return Ok(Success::Done);
        }
        Err(error) => return Err(error.into()),
    };
    let runner = Runner::new(&session, context.project, &events, context.cancellation.clone())?;
    let mut plan = runner.plan(ScriptKind::Migration, &request(context)).await?;
    let seeds = runner.plan_after_migrations(&request(context)).await?;
    plan.steps.extend(seeds.steps);
    plan.warnings.extend(seeds.warnings);
    plan.notes.extend(seeds.notes);
    context.config.output.print_plan(&[], &plan, "nothing to do: everything is applied");
    drop(runner);
    session.close().await;
    Ok(Success::Done)
}

/// The message for a project without scripts.
pub(super) const NO_SCRIPTS: &str = "nothing to do: there are no scripts";

/// Plans the run on a new database. Fails for scripts that no run accepts. The command `db-reset` calls this function,
/// too.
pub(super) fn plan_for_new_database(context: &CommandContext<'_>) -> Result<Plan, CommandError> {
    let mut combined = Plan::default();
    for kind in [ScriptKind::Migration, ScriptKind::Seed] {
        let scripts = context
            .project
            .scripts(kind, &context.config.options.environment)
            .map_err(Error::from)?;
        let plan = plan(&scripts, &History::default(), &request(context)).map_err(Error::from)?;
        combined.steps.extend(plan.steps);
    }
    Ok(combined)
}

/// Returns the request to apply all pending scripts of a kind.
fn request(context: &CommandContext<'_>) -> RunRequest {
    let config = context.config;
    RunRequest {
        out_of_order: config.out_of_order(false),
        strict: config.strict,
        ..RunRequest::new(Action::Up, Target::All)
    }
}
