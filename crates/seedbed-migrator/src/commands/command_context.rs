//! The context of a running command: its configuration, its connection and its output.

use std::sync::atomic::{AtomicBool, Ordering};

use seedbed_engine::{
    Action, Cancellation, Event, Project, RunReport, RunRequest, Runner, ScriptKind, Session,
    Target,
};

use crate::command_error::{CommandError, Success};
use crate::config::Config;
use crate::signals::SignalsReady;
use crate::spinner::Spinner;

/// The values that every command uses: the scripts, the configuration, the cancellation and the spinner.
pub(super) struct CommandContext<'a> {
    pub(super) project: &'a Project,
    pub(super) config: &'a Config,
    pub(super) cancellation: Cancellation,
    pub(super) signals_ready: SignalsReady,
    pub(super) spinner: Spinner,
    /// Whether the warning about an untested server has been printed. Each connection reports it again.
    has_warned_untested: AtomicBool,
}

impl<'a> CommandContext<'a> {
    pub(super) fn new(
        project: &'a Project,
        config: &'a Config,
        cancellation: Cancellation,
        signals_ready: SignalsReady,
    ) -> Self {
        Self {
            project,
            config,
            cancellation,
            signals_ready,
            spinner: Spinner::default(),
            has_warned_untested: AtomicBool::new(false),
        }
    }

    /// Prints an event of the engine. Prints the warning about an untested server only once.
    pub(super) fn print_event(&self, event: &Event<'_>) {
        if matches!(event, Event::UntestedServer { .. })
            && self.has_warned_untested.swap(true, Ordering::Relaxed)
        {
            return;
        }
        // A user who reads "waiting for the server" may send a signal. From then on, a signal must cancel the run and
        // not end the process.
        self.signals_ready.wait();
        self.config.output.print_event(&self.spinner, event);
    }

    /// Runs one request, or only plans it with `dry_run`.
    pub(super) async fn run_request(
        &self,
        kind: ScriptKind,
        request: &RunRequest,
        dry_run: bool,
    ) -> Result<Success, CommandError> {
        let events = |event: &Event<'_>| self.print_event(event);
        let session = self.connect().await?;
        let runner = Runner::new(&session, self.project, &events, self.cancellation.clone())?;
        let nothing_to_do = nothing_to_do_message(kind, request);
        if dry_run {
            let plan = runner.plan(kind, request).await?;
            self.config.output.print_plan(&[], &plan, &nothing_to_do);
        } else {
            let report = runner.run(kind, request).await;
            self.spinner.stop();
            self.config.output.print_report(&report?, &nothing_to_do);
        }
        drop(runner);
        session.close().await;
        Ok(Success::Done)
    }

    /// Connects to the database. Fails early if the command is interrupted while it waits for the server.
    pub(super) async fn connect(&self) -> Result<Session, CommandError> {
        let events = |event: &Event<'_>| self.print_event(event);
        let connecting = Session::connect(self.config.options.clone(), &events);
        let session = self.cancellation.run_until_canceled(connecting).await??;
        self.signals_ready.wait();
        Ok(session)
    }
}

/// Returns the message for a request that selects no script.
fn nothing_to_do_message(kind: ScriptKind, request: &RunRequest) -> String {
    match request.action {
        Action::Up if matches!(request.target, Target::To(_) | Target::Only(_)) => {
            "nothing to do: already applied".to_owned()
        }
        Action::Up => format!("nothing to do: no {kind} is pending"),
        Action::Down | Action::Redo => format!("nothing to do: no {kind} is applied"),
    }
}

/// Appends the second report of a command to the first one.
pub(super) fn merge_reports(mut first: RunReport, second: RunReport) -> RunReport {
    first.done.extend(second.done);
    first.warnings.extend(second.warnings);
    first.notices.extend(second.notices);
    first
}
