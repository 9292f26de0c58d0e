//! What a run prints while it goes on, and at its end.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use seedbed_engine::{
    Direction, Event, Notice, NoticeSeverity, Plan, Report, SessionInfo, Url, untested_message,
};
use serde_json::json;

use crate::failure::count;
use crate::spinner::Spinner;

/// How the command prints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// One JSON document at the end, and nothing else on stdout.
    pub(crate) json: bool,
    /// Each statement, on stderr.
    pub(crate) verbose: bool,
}

pub(crate) const GREEN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
pub(crate) const YELLOW: Style =
    Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));
pub(crate) const DIM: Style = Style::new().dimmed();

impl Output {
    /// Prints an event as it happens.
    pub(crate) fn event(self, spinner: &Spinner, event: &Event<'_>) {
        match event {
            Event::Started { name, direction } => spinner.start(present(*direction), name),
            Event::Finished { name, direction, elapsed } => {
                spinner.stop();
                if !self.json {
                    let word = past(*direction);
                    let took = took(*elapsed);
                    anstream::println!("{GREEN}{word:<8}{GREEN:#} {name} {DIM}{took}{DIM:#}");
                }
            }
            Event::Statement { sql } if self.verbose => {
                spinner.print(&format!("{DIM}{sql}{DIM:#}"));
            }
            Event::Statement { .. } => {}
            Event::Notice { notice } => match notice.severity {
                NoticeSeverity::Warning => {
                    spinner.print(&warning(&format!("{}: {}", notice.name, notice.message)));
                }
                NoticeSeverity::Notice if self.verbose => {
                    spinner
                        .print(&format!("{DIM}notice: {}: {}{DIM:#}", notice.name, notice.message));
                }
                NoticeSeverity::Notice => {}
            },
            Event::Warning { message } => spinner.print(&warning(message)),
            event => spinner.print(&told(event)),
        }
    }

    /// Prints the end of a run.
    pub(crate) fn report(self, report: &Report, nothing: &str) {
        if self.json {
            print_document(json_report(report));
            return;
        }
        for message in &report.warnings {
            anstream::eprintln!("{}", warning(message));
        }
        if report.done.is_empty() {
            anstream::println!("{nothing}");
        } else {
            let total: Duration = report.done.iter().map(|outcome| outcome.elapsed).sum();
            anstream::println!("{} in {}", count(report), took(total));
        }
    }

    /// Prints what would be done to the database itself, such as `create`, and what a run would do.
    pub(crate) fn plan(self, database: &[(&str, &Url)], plan: &Plan, nothing: &str) {
        if self.json {
            let database: Vec<&str> = database.iter().map(|(verb, _)| *verb).collect();
            let steps: Vec<_> = plan
                .steps
                .iter()
                .map(|step| {
                    json!({
                        "kind": step.kind.as_str(),
                        "name": step.name,
                        "direction": step.direction,
                        "file": step.script.file(),
                    })
                })
                .collect();
            let warnings: Vec<String> =
                plan.warnings.iter().chain(&plan.notes).map(ToString::to_string).collect();
            print_document(json!({
                "database": database,
                "planned": steps,
                "warnings": warnings,
            }));
            return;
        }
        for problem in plan.warnings.iter().chain(&plan.notes) {
            anstream::eprintln!("{}", warning(&problem.to_string()));
        }
        for (verb, url) in database {
            anstream::println!("would {verb:<6} {url}");
        }
        for step in &plan.steps {
            let verb = match step.direction {
                Direction::Up => "apply",
                Direction::Down => "revert",
            };
            anstream::println!("would {verb:<6} {}", step.name);
        }
        if plan.steps.is_empty() {
            anstream::println!("{nothing}");
        }
    }
}

/// The version of all documents of `--json`. Members are added without a new version; one that goes or means something else
/// makes a new version.
const JSON_VERSION: u32 = 1;

/// Prints the one document of `--json`, with the version of its format.
pub(crate) fn print_document(mut document: serde_json::Value) {
    document["version"] = JSON_VERSION.into();
    anstream::println!("{document:#}");
}

/// The members of a document of `--json` that say what a run did.
pub(crate) fn json_report(report: &Report) -> serde_json::Value {
    let (applied, reverted): (Vec<_>, Vec<_>) =
        report.done.iter().partition(|outcome| outcome.direction == Direction::Up);
    json!({
        "applied": applied,
        "reverted": reverted,
        "warnings": all_warnings(report),
        "notices": report.notices,
    })
}

/// The warnings of the run and those of the server, which were printed as they came.
fn all_warnings(report: &Report) -> Vec<String> {
    let is_warning = |notice: &&Notice| notice.severity == NoticeSeverity::Warning;
    let of_server = report.notices.iter().filter(is_warning);
    let of_server = of_server.map(|notice| format!("{}: {}", notice.name, notice.message));
    report.warnings.iter().cloned().chain(of_server).collect()
}

/// A warning as one line.
pub(crate) fn warning(message: &str) -> String {
    format!("{YELLOW}warning{YELLOW:#}: {message}")
}

/// The word for a script that is done.
pub(crate) const fn past(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}

const fn present(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applying",
        Direction::Down => "reverting",
    }
}

fn told(event: &Event<'_>) -> String {
    match event {
        Event::WaitingForServer { server, reason } => {
            format!("waiting for the server at {server}: {reason}")
        }
        Event::UntestedServer { major } => warning(&untested_message(*major)),
        Event::WaitingForRunner { holder, waited } => {
            let holder = holder.map_or_else(String::new, |holder| format!(": {holder}"));
            let waited = match waited.as_secs() {
                0 => String::new(),
                seconds => format!(" ({seconds} s so far)"),
            };
            format!("waiting for another runner{holder}{waited}")
        }
        Event::Retrying { subject, blocker, pause } => {
            let blocker = blocker.map_or_else(String::new, |blocker| {
                format!(", blocked by {}", with_query(blocker))
            });
            warning(&format!(
                "{subject} did not get its lock in time{blocker}; it is tried again in {}",
                took(*pause)
            ))
        }
        Event::Blocked { subject, blocker, waited } => {
            format!("{subject} waits for {} ({} s so far)", with_query(blocker), waited.as_secs())
        }
        Event::ResumingInterrupted { name } => {
            warning(&format!("{name} was started before and never finished; it is started again"))
        }
        Event::DroppedInvalidIndex { index } => {
            format!("dropped {index}, which an interrupted build had left invalid")
        }
        Event::FoundFinishedIndex { index } => {
            format!("{index} was finished after its runner had been killed; it is kept as it is")
        }
        Event::FinishedDetach { table, partition } => format!(
            "{partition} is no partition of {table} any more: an interrupted run had begun to detach it, and that is finished"
        ),
        Event::Cancelling => "interrupted: cancelling the running statement".to_owned(),
        other => format!("{other:?}"),
    }
}

/// A session that blocks, with what it runs.
fn with_query(blocker: &SessionInfo) -> String {
    let query = blocker.query.as_deref().map(|query| format!(": {query}"));
    format!("{blocker}{}", query.unwrap_or_default())
}

/// A duration as people say it.
pub(crate) fn took(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_people_say_them() {
        for (ms, text) in [(0, "0 ms"), (999, "999 ms"), (1_250, "1.2 s"), (125_000, "2 min 5 s")] {
            assert_eq!(took(Duration::from_millis(ms)), text);
        }
    }
}
