//! `migrate-status`, `seed-status`: the state of every script. Takes no lock and creates nothing.

use chrono::{DateTime, SecondsFormat};
use comfy_table::{ContentArrangement, Table, presets};
use seedbed_engine::{Event, Kind, Runner, State, Status, Warning};
use serde_json::json;

use super::Running;
use crate::args;
use crate::failure::{Failure, Success};
use crate::output::{print_document, took, warning};

pub(crate) async fn run(
    command: &Running<'_>,
    kind: Kind,
    args: &args::Status,
) -> Result<Success, Failure> {
    let events = |event: &Event<'_>| command.event(event);
    let session = command.connect().await?;
    let runner = Runner::new(&session, command.project, &events, command.interrupt.clone())?;
    let scripts = command.interrupt.run_until_cancelled(runner.status(kind)).await??;
    let lost_seeds = command.interrupt.run_until_cancelled(runner.lost_seeds()).await??;
    drop(runner);
    session.close().await;
    let clean = scripts.iter().all(|script| script.state == State::Applied);
    if command.context.output.json {
        print_json(command, &scripts, clean);
    } else {
        print_table(kind, &scripts);
    }
    let gone = |script: &&Status| {
        script.state == State::Interrupted && script.file.is_none() && script.applied_at.is_none()
    };
    for script in scripts.iter().filter(gone) {
        let told = Warning::InterruptedMissing { name: script.name.clone() };
        anstream::eprintln!("{}", warning(&told.to_string()));
    }
    for (seed, lost) in &lost_seeds {
        let told = format!("the seed {seed} is pending again: {lost}");
        anstream::eprintln!("{}", warning(&told));
    }
    if args.exit_code && !clean { Ok(Success::NotClean) } else { Ok(Success::Done) }
}

fn print_json(command: &Running<'_>, scripts: &[Status], clean: bool) {
    let scripts: Vec<_> = scripts
        .iter()
        .map(|script| {
            json!({
                "kind": script.kind.as_str(),
                "name": script.name,
                "state": script.state,
                "applied_at": script.applied_at.and_then(iso),
                "duration_ms": script.elapsed.map(|took| took.as_millis()),
                "file": script.file,
                "reason": script.lost_rows.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    print_document(json!({
        "database": command.context.options.url.to_string(),
        "environment": command.context.options.environment,
        "clean": clean,
        "scripts": scripts,
    }));
}

fn iso(seconds: i64) -> Option<String> {
    let time = DateTime::from_timestamp(seconds, 0)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn print_table(kind: Kind, scripts: &[Status]) {
    if scripts.is_empty() {
        anstream::println!("there is no {kind} yet: `make {} name=…`", kind.create_command());
        return;
    }
    let rows: Vec<[String; 4]> = scripts.iter().map(row).collect();
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    for line in lines(kind, &rows, terminal.map(|(width, _)| usize::from(width.0))) {
        anstream::println!("{line}");
    }
    anstream::println!("{}", summary(scripts));
}

fn row(script: &Status) -> [String; 4] {
    let time = script.applied_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    [
        script.name.to_string(),
        script.state.as_str().to_owned(),
        time.map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M").to_string()),
        script.elapsed.map_or_else(String::new, took),
    ]
}

/// The table, in which no name is ever broken: who copies one wants all of it. Where the terminal is too
/// narrow for that, what is said of a script stands below its name.
fn lines(kind: Kind, rows: &[[String; 4]], width: Option<usize>) -> Vec<String> {
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
    let below = |[name, state, applied, took]: &[String; 4]| {
        let said = format!("     {state:<12} {applied:<16}  {took}");
        [format!(" {name}"), said.trim_end().to_owned()]
    };
    rows.iter().flat_map(below).collect()
}

/// `12 applied, 2 pending`.
fn summary(scripts: &[Status]) -> String {
    let states = [
        State::Applied,
        State::Pending,
        State::OutOfOrder,
        State::Modified,
        State::Missing,
        State::Interrupted,
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
    fn a_name_is_never_broken() {
        let rows = [[NAME, "applied", "2026-11-24 12:51", "0 ms"].map(str::to_owned)];
        let wide = lines(Kind::Migration, &rows, None);
        assert_eq!(wide.len(), 2);
        assert_eq!(wide[1], format!(" {NAME}  applied  2026-11-24 12:51  0 ms"));
        assert_eq!(lines(Kind::Migration, &rows, Some(100)), wide);
        let narrow = lines(Kind::Migration, &rows, Some(60));
        assert_eq!(
            narrow,
            [format!(" {NAME}"), "     applied      2026-11-24 12:51  0 ms".to_owned()]
        );
    }
}
