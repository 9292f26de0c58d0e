//! `db-reset`: drops the database, creates it again, applies everything. Asks first.

use std::io::{IsTerminal as _, Write as _};

use seedbed_engine::{Event, Recreation, Url, ensure_can_recreate, recreate_database};

use super::{Running, fresh_start};
use crate::args::Reset;
use crate::context::Context;
use crate::failure::{Failure, Success};

/// How to do it without being asked.
const NOT_ASKED: &str = "`make db-reset yes=1`, or `--yes`, does not ask";

pub(crate) async fn run(command: &Running<'_>, args: &Reset) -> Result<Success, Failure> {
    let context = command.context;
    let url = &context.options.url;
    refuse(context, args)?;
    let is_dry = args.dry_run.dry_run;
    if !args.yes && !is_dry {
        ensure_terminal()?;
    }
    // Whatever can be checked is checked before the drop.
    let plan = fresh_start::plan_on_nothing(command)?;
    let events = |event: &Event<'_>| command.event(event);
    let checking = ensure_can_recreate(&context.options, Recreation::DropAndCreate, &events);
    command.interrupt.run_until_cancelled(checking).await??;
    if is_dry {
        context.output.plan(&[("drop", url), ("create", url)], &plan, fresh_start::NO_SCRIPT);
        return Ok(Success::Done);
    }
    if !args.yes && !confirmed(&format!("Drop {url} and everything in it?"))? {
        return Err(Failure::refused("not confirmed; nothing was dropped", NOT_ASKED));
    }
    command.interrupt.run_until_cancelled(recreate_database(&context.options, &events)).await??;
    if !context.output.json {
        anstream::println!("dropped  {url}");
        anstream::println!("created  {url}");
    }
    let report = fresh_start::create_and_apply(command).await?;
    command.spinner.stop();
    context.output.report(&report, fresh_start::NO_SCRIPT);
    Ok(Success::Done)
}

fn refuse(context: &Context, args: &Reset) -> Result<(), Failure> {
    let url = &context.options.url;
    if context.options.environment.is_production() {
        return Err(Failure::refused(
            "db-reset never runs in production; nothing was dropped",
            "if that database is not production's, set APP_ENV to what it is",
        ));
    }
    match &args.database_name {
        Some(name) if name != url.database() => Err(Failure::wrong_use(
            format!(
                "--database-name says `{name}`, and the URL says `{}`; nothing was dropped",
                url.database()
            ),
            format!("`--database-name {}` if that is the one to drop", url.database()),
        )),
        None if !url.is_local() && !is_compose_service(url) => Err(Failure::wrong_use(
            format!(
                "`{}` is neither on this machine nor the service of Docker compose; nothing was dropped",
                url.server()
            ),
            format!("`--database-name {}` if that is the one to drop", url.database()),
        )),
        _ => Ok(()),
    }
}

/// Returns whether that is the server of the compose file, which Docker compose names in the tool container.
fn is_compose_service(url: &Url) -> bool {
    std::env::var("SEEDBED_SERVICE_URL")
        .ok()
        .and_then(|service| Url::parse(&service).ok())
        .is_some_and(|service| service.server() == url.server())
}

fn ensure_terminal() -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(());
    }
    Err(Failure::wrong_use(
        "db-reset asks first, and there is no terminal to ask on; nothing was dropped",
        NOT_ASKED,
    ))
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    anstream::eprint!("{question} [y/N] ");
    let asked = std::io::stderr().flush();
    let mut answer = String::new();
    asked
        .and_then(|()| std::io::stdin().read_line(&mut answer))
        .map_err(|error| Failure::refused(format!("no answer: {error}"), NOT_ASKED))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
