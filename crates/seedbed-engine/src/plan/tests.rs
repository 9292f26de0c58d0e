//! Tables of requests and the plans that they lead to. These tests use no database.

mod down;
mod drift;
mod find;
mod refusals;
mod up;

use chrono::{DateTime, Utc};
use seedbed_build::Environment;

use super::*;
use crate::history::HistoryRow;

const USERS: &str = "m20250101_080000_create_users";
const ROLES: &str = "m20250102_080000_create_roles";
const PRODUCTS: &str = "m20250103_080000_create_products";
const PRICES: &str = "m20250104_080000_add_prices";

/// Returns the migrations with the given names, each with an `up` and a `down`.
fn migrations(names: &[&'static str]) -> Scripts {
    scripts_of_kind(ScriptKind::Migration, names.iter().map(|name| script(name)))
}

fn scripts_of_kind(kind: ScriptKind, scripts: impl IntoIterator<Item = Script>) -> Scripts {
    scripts_in_environment(kind, "development", scripts)
}

/// Returns the given scripts, for a run in the given environment.
fn scripts_in_environment(
    kind: ScriptKind,
    environment: &'static str,
    scripts: impl IntoIterator<Item = Script>,
) -> Scripts {
    let scripts: Vec<Script> = scripts.into_iter().collect();
    let environment = Environment::from_static(environment);
    Scripts::new(kind, environment, &scripts).expect("names that differ")
}

/// Returns a script with an `up` and a `down`.
fn script(name: &'static str) -> Script {
    only_up(name).down(|_| Box::pin(async { Ok(()) }))
}

/// Returns a script without a `down`.
fn only_up(name: &'static str) -> Script {
    let file = String::leak(format!("migrations/{name}.rs"));
    Script::from_functions(name, file, "as it was", |_| Box::pin(async { Ok(()) }))
}

/// Returns a history in which the given scripts are applied, from files that have not changed.
fn applied(names: &[&str]) -> History {
    let rows = names.iter().map(|name| (Name::from((*name).to_owned()), applied_with("as it was")));
    History { rows: rows.collect(), imported: false }
}

fn applied_with(checksum: &str) -> HistoryRow {
    HistoryRow { applied: true, checksum: Some(checksum.to_owned()), ..HistoryRow::default() }
}

/// Returns the row of a script that was started without a transaction and did not finish.
fn interrupted(direction: Direction) -> HistoryRow {
    HistoryRow {
        applied: direction == Direction::Down,
        interrupted: Some(direction),
        ..HistoryRow::default()
    }
}

/// Returns a request with the current time set to noon of June 1, 2025.
fn request(action: Action, target: Target) -> RunRequest {
    let now = "2025-06-01T12:00:00Z".parse::<DateTime<Utc>>().expect("a time");
    RunRequest { now, ..RunRequest::new(action, target) }
}

fn steps(steps: u32) -> Target {
    Target::Steps(steps.try_into().expect("not zero"))
}

fn to(name: &str) -> Target {
    Target::To(name.into())
}

fn only(names: &[&str]) -> Target {
    Target::Only(names.iter().map(|name| Selector::from(*name)).collect())
}

/// Returns the steps of the plan, such as `up m20250101_080000_create_users`.
fn planned(available: &Scripts, history: &History, request: &RunRequest) -> Vec<String> {
    let plan = plan(available, history, request).unwrap_or_else(|error| panic!("{error}"));
    plan.steps.iter().map(|step| format!("{} {}", step.direction.as_str(), step.name)).collect()
}

/// Returns the warnings of the plan, as they are printed.
fn warned(available: &Scripts, history: &History, request: &RunRequest) -> Vec<String> {
    let plan = plan(available, history, request).unwrap_or_else(|error| panic!("{error}"));
    plan.warnings.iter().map(|warning| warning.report().to_string()).collect()
}

/// Returns the error's message and hint, as they are printed.
fn refused(available: &Scripts, history: &History, request: &RunRequest) -> [String; 2] {
    match plan(available, history, request) {
        Ok(plan) => panic!("it was not refused: {:?}", plan.steps),
        Err(error) => [error.to_string(), error.hint().to_string()],
    }
}
