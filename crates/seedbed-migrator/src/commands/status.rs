//! The commands `migrate-status` and `seed-status` print the state of every script. They take no lock and create
//! nothing.

use chrono::{DateTime, SecondsFormat};
use comfy_table::{ContentArrangement, Table, presets};
use seedbed_engine::{
    Event, Hint, PlanWarning, Runner, ScriptKind, ScriptState, ScriptStatus, SuggestedCommand,
};
use serde_json::json;

use super::command_context::CommandContext;
use crate::args::StatusArgs;
use crate::command_error::{CommandError, Success};
use crate::output::{format_duration, print_document};
use crate::print;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    kind: ScriptKind,
    args: &StatusArgs,
) -> Result<Success, CommandError> {
    let events = |event: &Event<'_>| context.print_event(event);
    let session = context.connect().await?;
    let runner = Runner::new(&session, context.project, &events, context.cancellation.clone())?;
    let scripts = context.cancellation.run_until_canceled(runner.status(kind)).await??;
    let lost_seeds = context.cancellation.run_until_canceled(runner.lost_seeds()).await??;
    let other = context.cancellation.run_until_canceled(runner.history_in_other_schema()).await??;
    drop(runner);
    session.close().await;
    let is_clean = scripts.iter().all(|script| script.state == ScriptState::Applied);
    if context.config.output.json {
        print_json(context, &scripts, is_clean);
    } else {
        print_table(kind, &scripts);
    }
    // The table does not show that the file of an interrupted script is missing.
    let is_interrupted_without_file = |script: &&ScriptStatus| {
        script.state == ScriptState::Interrupted
            && script.file.is_none()
            && script.applied_at.is_none()
    };
    for script in scripts.iter().filter(is_interrupted_without_file) {
        let warning = PlanWarning::InterruptedMissing { kind, name: script.name.clone() };
        print::stderr_line(&print::warning(&print::spelled(&warning.report())));
    }
    if let Some(other) = other {
        let warning = Hint::text(format!("{other}; ")).then_hint(other.hint());
        print::stderr_line(&print::warning(&print::spelled(&warning)));
    }
    for (seed, lost) in &lost_seeds {
        let message = format!("the seed `{seed}` is pending again: {lost}");
        print::stderr_line(&print::warning(&message));
    }
    if args.exit_code && !is_clean { Ok(Success::NotClean) } else { Ok(Success::Done) }
}

fn print_json(context: &CommandContext<'_>, scripts: &[ScriptStatus], is_clean: bool) {
    let scripts: Vec<_> = scripts
        .iter()
        .map(|script| {
            json!({
                "kind": script.kind.as_str(),
                "name": script.name,
                "state": script.state,
                "applied_at": script.applied_at.and_then(to_rfc3339),
                "duration_ms": script.elapsed.map(|duration| duration.as_millis()),
                "file": script.file,
                "reason": script.lost_rows.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    print_document(json!({
        "database": context.config.options.url.to_string(),
        "environment": context.config.options.environment,
        "clean": is_clean,
        "scripts": scripts,
    }));
}

fn to_rfc3339(seconds: i64) -> Option<String> {
    let time = DateTime::from_timestamp(seconds, 0)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn print_table(kind: ScriptKind, scripts: &[ScriptStatus]) {
    if scripts.is_empty() {
        let name = "…".to_owned();
        let command = match kind {
            ScriptKind::Migration => SuggestedCommand::CreateMigration { name, fields: None },
            ScriptKind::Seed => SuggestedCommand::CreateSeed { name, table: None, rows: None },
        };
        let none = Hint::text(format!("there are no {}: ", kind.plural()));
        print::stdout_line(&print::spelled(&none.then_command(command).then(" creates one")));
        return;
    }
    let rows: Vec<[String; 4]> = scripts.iter().map(row).collect();
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    let mut lines = render_table(kind, &rows, terminal.map(|(width, _)| usize::from(width.0)));
    lines.push(summarize_states(scripts));
    print::stdout_line(&lines.join("\n"));
}

/// Returns the cells of a script: its name, its state, when it was applied, and how long that took.
fn row(script: &ScriptStatus) -> [String; 4] {
    let time = script.applied_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    [
        script.name.to_string(),
        script.state.as_str().to_owned(),
        time.map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M").to_string()),
        script.elapsed.map_or_else(String::new, format_duration),
    ]
}

/// Renders the table as lines. Never wraps a name, so that it can be copied as a whole. On a terminal that is too
/// narrow for the table, each script gets two lines: its name, and the other columns below it.
fn render_table(kind: ScriptKind, rows: &[[String; 4]], width: Option<usize>) -> Vec<String> {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header([kind.as_str(), "state", "applied (UTC)", "took"])
        .add_rows(rows);
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    if width.is_none_or(|width| lines.iter().all(|line| line.chars().count() <= width)) {
        return lines;
    }
    let two_lines = |[name, state, applied, took]: &[String; 4]| {
        let details = format!("     {state:<12} {applied:<16}  {took}");
        [format!(" {name}"), details.trim_end().to_owned()]
    };
    rows.iter().flat_map(two_lines).collect()
}

/// Counts the scripts by state, as in `12 applied, 2 pending`.
fn summarize_states(scripts: &[ScriptStatus]) -> String {
    let states = [
        ScriptState::Applied,
        ScriptState::Pending,
        ScriptState::OutOfOrder,
        ScriptState::Modified,
        ScriptState::Missing,
        ScriptState::Interrupted,
    ];
    let parts: Vec<String> = states
        .into_iter()
        .map(|state| (state, scripts.iter().filter(|script| script.state == state).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{count} {}", state.as_str()))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "m20250402_081420_require_display_name_of_users";

    #[test]
    fn a_name_is_never_wrapped() {
        let rows = [[NAME, "applied", "2026-11-24 12:51", "0 ms"].map(str::to_owned)];
        let wide = render_table(ScriptKind::Migration, &rows, None);
        assert_eq!(wide.len(), 2);
        assert_eq!(wide[1], format!(" {NAME}  applied  2026-11-24 12:51  0 ms"));
        assert_eq!(render_table(ScriptKind::Migration, &rows, Some(100)), wide);
        let narrow = render_table(ScriptKind::Migration, &rows, Some(60));
        assert_eq!(
            narrow,
            [format!(" {NAME}"), "     applied      2026-11-24 12:51  0 ms".to_owned()]
        );
    }
}
