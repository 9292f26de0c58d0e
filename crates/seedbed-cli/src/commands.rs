//! The commands, one file each.

mod db_reset;
mod down;
mod fresh_start;
mod redo;
mod repair;
mod schema;
mod schema_source;
mod status;
mod up;

use std::sync::atomic::{AtomicBool, Ordering};

use seedbed_engine::{
    Action, Cancellation, Event, Kind, Project, Report, Request, Runner, Session, Target,
};

use crate::args::{Args, Command};
use crate::context::Context;
use crate::failure::{Failure, Success};
use crate::interrupt::{self, Listening};
use crate::spinner::Spinner;

/// Runs the command.
pub(crate) fn run(project: &Project, args: &Args, context: &Context) -> Result<Success, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::refused(format!("could not start: {error}"), "try again"))?;
    runtime.block_on(async {
        let (interrupt, listening) = interrupt::listen()
            .map_err(|error| Failure::refused(format!("no signals: {error}"), "try again"))?;
        let spinner = Spinner::default();
        let told_untested = AtomicBool::new(false);
        let command = Running { project, context, interrupt, listening, spinner, told_untested };
        let result = dispatch(&command, &args.command).await;
        command.spinner.stop();
        result
    })
}

async fn dispatch(command: &Running<'_>, what: &Command) -> Result<Success, Failure> {
    match what {
        Command::MigrateUp(args) => up::run(command, Kind::Migration, args).await,
        Command::MigrateDown(args) => down::run(command, Kind::Migration, args).await,
        Command::MigrateRedo(args) => redo::run(command, Kind::Migration, args).await,
        Command::MigrateStatus(args) => status::run(command, Kind::Migration, args).await,
        Command::MigrateRepair(args) => repair::run(command, Kind::Migration, args).await,
        Command::SeedRepair(args) => repair::run(command, Kind::Seed, args).await,
        Command::SeedUp(args) => up::run(command, Kind::Seed, args).await,
        Command::SeedDown(args) => down::run(command, Kind::Seed, args).await,
        Command::SeedRedo(args) => redo::run(command, Kind::Seed, args).await,
        Command::SeedStatus(args) => status::run(command, Kind::Seed, args).await,
        Command::FreshStart(args) => fresh_start::run(command, args).await,
        Command::DbReset(args) => db_reset::run(command, args).await,
        Command::Schema(args) => schema::run(command, args).await,
    }
}

/// What a running command has at hand.
pub(crate) struct Running<'a> {
    pub(crate) project: &'a Project,
    pub(crate) context: &'a Context,
    pub(crate) interrupt: Cancellation,
    listening: Listening,
    pub(crate) spinner: Spinner,
    /// Whether it was told that the server is untested; each connection finds that out.
    told_untested: AtomicBool,
}

impl Running<'_> {
    pub(crate) fn event(&self, event: &Event<'_>) {
        if matches!(event, Event::UntestedServer { .. })
            && self.told_untested.swap(true, Ordering::Relaxed)
        {
            return;
        }
        // Somebody who reads that the server is waited for may send a signal, which ends the run in order.
        self.listening.wait();
        self.context.output.event(&self.spinner, event);
    }

    /// Runs one request, or with `dry_run` only plans it.
    pub(crate) async fn request(
        &self,
        kind: Kind,
        request: &Request,
        dry_run: bool,
    ) -> Result<Success, Failure> {
        let events = |event: &Event<'_>| self.event(event);
        let session = self.connect().await?;
        let runner = Runner::new(&session, self.project, &events, self.interrupt.clone())?;
        let nothing = nothing(kind, request);
        if dry_run {
            let plan = runner.plan(kind, request).await?;
            self.context.output.plan(&[], &plan, &nothing);
        } else {
            let report = runner.run(kind, request).await;
            self.spinner.stop();
            self.context.output.report(&report?, &nothing);
        }
        drop(runner);
        session.close().await;
        Ok(Success::Done)
    }

    /// The session, unless the interruption comes while the server is waited for.
    pub(crate) async fn connect(&self) -> Result<Session, Failure> {
        let events = |event: &Event<'_>| self.event(event);
        let connecting = Session::connect(self.context.options.clone(), &events);
        let session = self.interrupt.run_until_cancelled(connecting).await??;
        self.listening.wait();
        Ok(session)
    }
}

/// What is said when a request means no script.
fn nothing(kind: Kind, request: &Request) -> String {
    match request.action {
        Action::Up if matches!(request.target, Target::To(_) | Target::Only(_)) => {
            "nothing to do: that is applied already".to_owned()
        }
        Action::Up => format!("nothing to do: no {kind} is pending"),
        Action::Down | Action::Redo => format!("nothing to do: no {kind} is applied"),
    }
}

/// The two reports of a command that does both.
pub(crate) fn joined(mut first: Report, second: Report) -> Report {
    first.done.extend(second.done);
    first.warnings.extend(second.warnings);
    first.notices.extend(second.notices);
    first
}
