use seedbed_build::Environment;

use super::*;
use crate::direction::Direction;
use crate::history::HistoryRow;
use crate::script::Script;

fn script(name: &'static str) -> Script {
    Script::from_functions(name, name, "as it is", |_| Box::pin(async { Ok(()) }))
}

fn row(checksum: Option<&str>) -> HistoryRow {
    HistoryRow { applied: true, checksum: checksum.map(str::to_owned), ..HistoryRow::default() }
}

fn history(rows: Vec<(&str, HistoryRow)>) -> History {
    let rows = rows.into_iter().map(|(name, row)| (Name::from(name.to_owned()), row)).collect();
    History { rows, imported: false }
}

fn available(
    kind: ScriptKind,
    environment: Environment,
    scripts: impl IntoIterator<Item = Script>,
) -> Scripts {
    let scripts: Vec<Script> = scripts.into_iter().collect();
    Scripts::new(kind, environment, &scripts).expect("names that differ")
}

fn states(available: &Scripts, history: &History) -> Vec<String> {
    status(available, history, &HashMap::new())
        .into_iter()
        .map(|status| format!("{} {}", status.name, status.state.as_str()))
        .collect()
}

#[test]
fn every_state_has_its_word_and_scripts_are_sorted_by_name() {
    let names = ["m1_applied", "m2_late", "m3_modified", "m4_half_up", "m6_half_down", "m7_next"];
    let available = available(ScriptKind::Migration, Environment::default(), names.map(script));
    let half_up = HistoryRow { applied: false, interrupted: Some(Direction::Up), ..row(None) };
    let half_down = HistoryRow { interrupted: Some(Direction::Down), ..row(Some("as it is")) };
    let history = history(vec![
        ("m1_applied", row(Some("as it is"))),
        ("m3_modified", row(Some("as it was"))),
        ("m4_half_up", half_up),
        ("m5_gone", row(Some("as it is"))),
        ("m6_half_down", half_down),
    ]);
    assert_eq!(
        states(&available, &history),
        [
            "m1_applied applied",
            "m2_late out of order",
            "m3_modified modified",
            "m4_half_up interrupted",
            "m5_gone missing",
            "m6_half_down interrupted",
            "m7_next pending",
        ]
    );
}

#[test]
fn on_an_empty_database_everything_is_pending() {
    let scripts = ["m2_b", "m1_a"].map(script);
    let available = available(ScriptKind::Seed, Environment::default(), scripts);
    let all = status(&available, &History::default(), &HashMap::new());
    assert!(
        all.iter().all(|one| one.state == ScriptState::Pending && one.kind == ScriptKind::Seed)
    );
    assert!(all.iter().all(|one| one.applied_at.is_none() && one.elapsed.is_none()));
    assert_eq!(all.iter().map(|one| one.file).collect::<Vec<_>>(), [Some("m1_a"), Some("m2_b")]);
}

#[test]
fn a_script_that_another_tool_applied_counts_as_applied_without_a_checksum() {
    let available = available(ScriptKind::Migration, Environment::default(), ["m1_a"].map(script));
    let history = History { imported: true, ..history(vec![("m1_a", row(None))]) };
    assert_eq!(states(&available, &history), ["m1_a applied"]);
}

#[test]
fn seeds_of_other_environments_are_not_listed_and_make_no_seed_out_of_order() {
    let scripts = [
        script("m1_a"),
        script("m2_b").environment("production"),
        script("m3_c").environment("test"),
    ];
    let history = history(vec![("m2_b", row(Some("as it is")))]);
    let states = |environment| states(&available(ScriptKind::Seed, environment, scripts), &history);
    assert_eq!(states(Environment::DEVELOPMENT), ["m1_a pending"]);
    assert_eq!(states(Environment::PRODUCTION), ["m1_a out of order", "m2_b applied"]);
}
