//! `fresh-start`: creates the database if it is missing, applies all migrations and all seeds. Drops
//! nothing.

use seedbed_engine::{
    Action, ConnectError, DatabaseCreation, Error, Event, History, Kind, Plan, Recreation, Report,
    Request, Runner, Session, Target, create_database, ensure_can_recreate, plan,
};

use super::{Running, joined};
use crate::args::DryRun;
use crate::failure::{Failure, Success};

pub(crate) async fn run(command: &Running<'_>, args: &DryRun) -> Result<Success, Failure> {
    let output = command.context.output;
    if args.dry_run {
        return dry_run(command).await;
    }
    let report = create_and_apply(command).await?;
    command.spinner.stop();
    output.report(&report, "nothing to do: everything is applied");
    Ok(Success::Done)
}

/// The whole of it, for `db-reset` too.
pub(super) async fn create_and_apply(command: &Running<'_>) -> Result<Report, Failure> {
    let options = &command.context.options;
    let events = |event: &Event<'_>| command.event(event);
    let creating = create_database(options, &events);
    if command.interrupt.run_until_cancelled(creating).await?? == DatabaseCreation::Created
        && !command.context.output.json
    {
        anstream::println!("created  {}", options.url);
    }
    let session = command.connect().await?;
    let runner = Runner::new(&session, command.project, &events, command.interrupt.clone())?;
    let migrated = runner.run(Kind::Migration, &request(command)).await?;
    let seeded = match runner.run(Kind::Seed, &request(command)).await {
        Ok(seeded) => seeded,
        Err(failure) => return Err(Failure::from(failure).after(migrated)),
    };
    drop(runner);
    session.close().await;
    Ok(joined(migrated, seeded))
}

async fn dry_run(command: &Running<'_>) -> Result<Success, Failure> {
    let events = |event: &Event<'_>| command.event(event);
    let options = &command.context.options;
    let connecting = Session::connect(options.clone(), &events);
    let session = match command.interrupt.run_until_cancelled(connecting).await? {
        Ok(session) => session,
        Err(ConnectError::NoDatabase { .. }) => {
            let plan = plan_on_nothing(command)?;
            let checking = ensure_can_recreate(options, Recreation::Create, &events);
            command.interrupt.run_until_cancelled(checking).await??;
            let database = [("create", &options.url)];
            command.context.output.plan(&database, &plan, NO_SCRIPT);
            return Ok(Success::Done);
        }
        Err(error) => return Err(error.into()),
    };
    let runner = Runner::new(&session, command.project, &events, command.interrupt.clone())?;
    let mut plan = runner.plan(Kind::Migration, &request(command)).await?;
    let seeds = runner.plan_after_migrations(&request(command)).await?;
    plan.steps.extend(seeds.steps);
    plan.warnings.extend(seeds.warnings);
    plan.notes.extend(seeds.notes);
    command.context.output.plan(&[], &plan, "nothing to do: everything is applied");
    drop(runner);
    session.close().await;
    Ok(Success::Done)
}

/// What is said when a project has no script.
pub(super) const NO_SCRIPT: &str = "there is no script to apply";

/// What would run on a database that is new, for `db-reset` too. Refuses what the scripts themselves refuse.
pub(super) fn plan_on_nothing(command: &Running<'_>) -> Result<Plan, Failure> {
    let mut whole = Plan::default();
    for kind in [Kind::Migration, Kind::Seed] {
        let scripts = command
            .project
            .scripts(kind, &command.context.options.environment)
            .map_err(Error::from)?;
        let plan = plan(&scripts, &History::default(), &request(command)).map_err(Error::from)?;
        whole.steps.extend(plan.steps);
    }
    Ok(whole)
}

fn request(command: &Running<'_>) -> Request {
    let context = command.context;
    Request {
        out_of_order: context.out_of_order(false),
        strict: context.strict,
        ..Request::new(Action::Up, Target::All)
    }
}
