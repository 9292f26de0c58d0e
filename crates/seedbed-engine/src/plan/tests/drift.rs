//! Tests plans with applied scripts whose files have changed.

use super::*;

/// Returns a history in which the file of ROLES has changed and the file of PRODUCTS is missing. PRICES is pending.
fn drifted() -> (Scripts, History) {
    let mut history = applied(&[USERS, ROLES, PRODUCTS]);
    history.rows.insert(Name::from_static(ROLES), applied_with("as it was then"));
    (migrations(&[USERS, ROLES, PRICES]), history)
}

#[test]
fn modified_and_missing_scripts_are_warnings() {
    let (available, history) = drifted();
    for action in [Action::Up, Action::Down] {
        let request = request(action, only(&[if action == Action::Up { PRICES } else { USERS }]));
        assert_eq!(planned(&available, &history, &request).len(), 1);
        assert_eq!(
            warned(&available, &history, &request),
            [
                "`migrations/m20250102_080000_create_roles.rs` has changed since it was applied",
                "`m20250103_080000_create_products` is applied, but its file is missing",
            ]
        );
    }
}

#[test]
fn strict_refuses_modified_and_missing_scripts_even_with_nothing_to_do() {
    let (available, history) = drifted();
    for target in [Target::All, only(&[USERS])] {
        let request = RunRequest { strict: true, ..request(Action::Up, target) };
        assert_eq!(
            refused(&available, &history, &request),
            [
                "`--strict` refuses this run:\n  \
                 `migrations/m20250102_080000_create_roles.rs` has changed since it was applied\n  \
                 `m20250103_080000_create_products` is applied, but its file is missing",
                "restore the file as it was when it was applied, and put the change in a new script",
            ]
        );
    }
}

#[test]
fn a_history_older_than_the_log_has_no_checksum_to_compare() {
    let mut history = applied(&[USERS]);
    history
        .rows
        .insert(Name::from_static(ROLES), HistoryRow { applied: true, ..HistoryRow::default() });
    let strict = RunRequest { strict: true, ..request(Action::Up, Target::All) };
    assert_eq!(warned(&migrations(&[USERS, ROLES]), &history, &strict), [""; 0]);
}

#[test]
fn an_interrupted_script_is_neither_modified_nor_missing() {
    let mut history = applied(&[USERS]);
    let mut row = interrupted(Direction::Up);
    row.checksum = Some("as it was then".to_owned());
    history.rows.insert(Name::from_static(ROLES), row);
    let strict = RunRequest { strict: true, ..request(Action::Up, Target::All) };
    assert_eq!(warned(&migrations(&[USERS, ROLES]), &history, &strict), [""; 0]);
}

#[test]
fn a_modified_seed_of_another_environment_is_not_reported() {
    let seeds = |environment| {
        scripts_in_environment(
            ScriptKind::Seed,
            environment,
            [script(USERS).environment("production")],
        )
    };
    let mut history = History::default();
    history.rows.insert(Name::from_static(USERS), applied_with("as it was then"));
    let request = request(Action::Up, Target::All);
    assert_eq!(warned(&seeds("development"), &history, &request), [""; 0]);
    assert_eq!(warned(&seeds("production"), &history, &request).len(), 1);
}

#[test]
fn a_script_that_is_reverted_and_applied_again_is_not_called_modified() {
    let scripts = migrations(&[USERS, PRODUCTS]);
    let mut history = History::default();
    history.rows.insert(Name::from_static(USERS), applied_with("as it was then"));
    history.rows.insert(Name::from_static(PRODUCTS), applied_with("as it was then"));
    // PRODUCTS, the newest script, is applied again. Only USERS remains modified.
    let redo = request(Action::Redo, steps(1));
    assert_eq!(
        warned(&scripts, &history, &redo),
        ["`migrations/m20250101_080000_create_users.rs` has changed since it was applied"]
    );
}

#[test]
fn nothing_is_applied_while_a_script_is_half_reverted() {
    let scripts = migrations(&[USERS, PRODUCTS]);
    let mut history = applied(&[USERS]);
    history.rows.insert(Name::from_static(USERS), interrupted(Direction::Down));
    let refused = plan(&scripts, &history, &request(Action::Up, Target::All));
    assert!(matches!(refused, Err(PlanError::HalfReverted { .. })), "{refused:?}");
    // The script can only be reverted.
    let down = plan(&scripts, &history, &request(Action::Down, Target::All)).expect("a plan");
    assert!(down.steps[0].resumes_interrupted);
    assert_eq!(down.warnings, []);
}

#[test]
fn the_warning_about_an_interrupted_script_without_a_file_says_how_to_finish_it() {
    let mut history = applied(&[USERS]);
    history.rows.insert(Name::from_static(ROLES), interrupted(Direction::Up));
    let up = request(Action::Up, Target::All);
    assert_eq!(
        warned(&migrations(&[USERS, PRODUCTS]), &history, &up),
        [format!(
            "`{ROLES}` was started and not finished, and its file is missing; `git log --diff-filter=D -- '*{ROLES}.rs'` finds the commit that deleted the file; restore the file, or write a new one with this name whose `up` finishes the work, and run `migrator migrate-up --name {ROLES}`; after that, to remove the script for good, run `migrator migrate-down --name {ROLES}` and delete the file"
        )]
    );
    let restored = migrations(&[USERS, ROLES, PRODUCTS]);
    assert_eq!(warned(&restored, &history, &up), [""; 0]);
}
