//! The output of a run: its progress, its plan and its report, as text or as JSON.

use std::time::Duration;

use seedbed_engine::{
    Direction, Event, Notice, NoticeSeverity, Plan, RunReport, ScriptKind, SessionInfo, Url,
    untested_message,
};
use serde_json::json;

use crate::print::{self, DIM, GREEN, spelled, warning};
use crate::spinner::Spinner;

/// Prints the events and the result of a command, in the format that the flags choose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Whether stdout gets one JSON document at the end, and nothing else.
    pub(crate) json: bool,
    /// Whether stderr gets each statement.
    pub(crate) verbose: bool,
}

impl Output {
    /// Prints an event as it happens: applied and reverted scripts on stdout, everything else on stderr.
    pub(crate) fn print_event(self, spinner: &Spinner, event: &Event<'_>) {
        match event {
            Event::Started { name, direction } => spinner.start(progressive(*direction), name),
            Event::Finished { name, direction, elapsed } => {
                spinner.stop();
                if !self.json {
                    let verb = past_tense(*direction);
                    let duration = format_duration(*elapsed);
                    print::stdout_line(&format!(
                        "{GREEN}{verb:<8}{GREEN:#} {name} {DIM}{duration}{DIM:#}"
                    ));
                }
            }
            Event::Statement { sql } if self.verbose => {
                spinner.print_line(&format!("{DIM}{sql}{DIM:#}"));
            }
            Event::Statement { .. } => {}
            Event::Notice { notice } => match notice.severity {
                NoticeSeverity::Warning => {
                    spinner.print_line(&warning(&format!("{}: {}", notice.name, notice.message)));
                }
                NoticeSeverity::Notice if self.verbose => {
                    spinner.print_line(&format!(
                        "{DIM}notice: {}: {}{DIM:#}",
                        notice.name, notice.message
                    ));
                }
                NoticeSeverity::Notice => {}
            },
            Event::Warning { message } => spinner.print_line(&warning(message)),
            event => spinner.print_line(&render_event(event)),
        }
    }

    /// Prints the report of a run that succeeded, or `nothing_to_do` if it ran no script.
    pub(crate) fn print_report(self, report: &RunReport, nothing_to_do: &str) {
        if self.json {
            print_document(json_report(report));
            return;
        }
        for message in &report.warnings {
            print::stderr_line(&warning(&spelled(message)));
        }
        if report.done.is_empty() {
            print::stdout_line(nothing_to_do);
        } else {
            let total: Duration = report.done.iter().map(|outcome| outcome.elapsed).sum();
            print::stdout_line(&format!("{} in {}", summarize(report), format_duration(total)));
        }
    }

    /// Prints a plan: the actions on the database itself, such as `create`, and the steps of the run. Prints
    /// `nothing_to_do` if there are no steps.
    pub(crate) fn print_plan(self, database: &[(&str, &Url)], plan: &Plan, nothing_to_do: &str) {
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
            let problems = plan.warnings.iter().chain(&plan.notes);
            let warnings: Vec<String> =
                problems.map(|problem| spelled(&problem.report())).collect();
            print_document(json!({
                "database": database,
                "planned": steps,
                "warnings": warnings,
            }));
            return;
        }
        for problem in plan.warnings.iter().chain(&plan.notes) {
            print::stderr_line(&warning(&spelled(&problem.report())));
        }
        for (verb, url) in database {
            print::stdout_line(&format!("would {verb:<6} {url}"));
        }
        for step in &plan.steps {
            let verb = match step.direction {
                Direction::Up => "apply",
                Direction::Down => "revert",
            };
            print::stdout_line(&format!("would {verb:<6} {}", step.name));
        }
        if plan.steps.is_empty() {
            print::stdout_line(nothing_to_do);
        }
    }
}

/// The version of the `--json` format, which is the same for all documents. Adding a member keeps the version. Removing
/// a member or changing its meaning increases it.
const JSON_VERSION: u32 = 1;

/// Prints a `--json` document with the version of the format.
pub(crate) fn print_document(mut document: serde_json::Value) {
    document["version"] = JSON_VERSION.into();
    print::stdout_line(&format!("{document:#}"));
}

/// Returns the members of a `--json` document that report what a run did.
pub(crate) fn json_report(report: &RunReport) -> serde_json::Value {
    let (applied, reverted): (Vec<_>, Vec<_>) =
        report.done.iter().partition(|outcome| outcome.direction == Direction::Up);
    json!({
        "applied": applied,
        "reverted": reverted,
        "warnings": all_warnings(report),
        "notices": report.notices,
    })
}

/// Returns the warnings of the run, followed by the warnings that the server sent while it ran.
fn all_warnings(report: &RunReport) -> Vec<String> {
    let is_warning = |notice: &&Notice| notice.severity == NoticeSeverity::Warning;
    let server_warnings = report.notices.iter().filter(is_warning);
    let server_warnings =
        server_warnings.map(|notice| format!("{}: {}", notice.name, notice.message));
    report.warnings.iter().map(spelled).chain(server_warnings).collect()
}

/// Summarizes the scripts that a run applied or reverted, as in `1 migration applied`, or
/// `2 migrations reverted, 2 migrations applied`.
pub(crate) fn summarize(report: &RunReport) -> String {
    let mut groups: Vec<(ScriptKind, Direction, usize)> = Vec::new();
    for outcome in &report.done {
        match groups.last_mut() {
            Some((kind, direction, count))
                if (*kind, *direction) == (outcome.kind, outcome.direction) =>
            {
                *count += 1;
            }
            _ => groups.push((outcome.kind, outcome.direction, 1)),
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .map(|(kind, direction, count)| {
            let noun = if count == 1 { kind.as_str() } else { kind.plural() };
            format!("{count} {noun} {}", past_tense(direction))
        })
        .collect();
    parts.join(", ")
}

const fn past_tense(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applied",
        Direction::Down => "reverted",
    }
}

const fn progressive(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applying",
        Direction::Down => "reverting",
    }
}

/// Renders an event as a line for stderr.
fn render_event(event: &Event<'_>) -> String {
    match event {
        Event::WaitingForServer { server, reason } => {
            format!("waiting for the server at `{server}`: {reason}")
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
                "{subject} did not get its lock in time{blocker}; retrying in {}",
                format_duration(*pause)
            ))
        }
        Event::Blocked { subject, blocker, waited } => {
            format!(
                "{subject} is waiting for {} ({} s so far)",
                with_query(blocker),
                waited.as_secs()
            )
        }
        Event::ResumingInterrupted { name, direction } => {
            let revert = match direction {
                Direction::Up => "",
                Direction::Down => "the revert of ",
            };
            warning(&format!(
                "{revert}`{name}` was started before and did not finish; starting it again"
            ))
        }
        Event::DroppedInvalidIndex { index } => {
            format!("dropped the index `{index}`, which an interrupted build left invalid")
        }
        Event::FoundFinishedIndex { index } => {
            format!("kept the index `{index}`, whose build finished after its runner was killed")
        }
        Event::FinishedDetach { table, partition } => {
            format!(
                "finished detaching `{partition}` from `{table}`, which an interrupted run started"
            )
        }
        Event::Canceling => "interrupted: canceling the running statement".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Formats a blocking session with the query that it runs.
fn with_query(blocker: &SessionInfo) -> String {
    let query = blocker.query.as_deref().map(|query| format!(": {query}"));
    format!("{blocker}{}", query.unwrap_or_default())
}

/// Formats a duration for people, as in `6 ms`, `1.2 s`, `2 min 5 s`.
pub(crate) fn format_duration(duration: Duration) -> String {
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
    fn durations_are_formatted_for_people() {
        for (ms, text) in [(0, "0 ms"), (999, "999 ms"), (1_250, "1.2 s"), (125_000, "2 min 5 s")] {
            assert_eq!(format_duration(Duration::from_millis(ms)), text);
        }
    }
}
