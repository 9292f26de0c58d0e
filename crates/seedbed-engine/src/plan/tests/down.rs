//! Tests which scripts `down` and `redo` select, and which cannot be reverted.

use super::*;

#[test]
fn the_newest_applied_scripts_are_reverted_newest_first() {
    let available = migrations(&[USERS, ROLES, PRODUCTS, PRICES]);
    let history = applied(&[USERS, ROLES, PRODUCTS]);
    for (target, expected) in [
        (steps(1), vec![PRODUCTS]),
        (steps(2), vec![PRODUCTS, ROLES]),
        (steps(9), vec![PRODUCTS, ROLES, USERS]),
        (Target::All, vec![PRODUCTS, ROLES, USERS]),
        (to(ROLES), vec![PRODUCTS, ROLES]),
        (to("20250102_080000"), vec![PRODUCTS, ROLES]),
        (to("src/migrations/m20250102_080000_create_roles.rs"), vec![PRODUCTS, ROLES]),
        (to(PRODUCTS), vec![PRODUCTS]),
        (only(&[ROLES]), vec![ROLES]),
        (only(&[USERS, PRODUCTS, USERS]), vec![PRODUCTS, USERS]),
    ] {
        let request = request(Action::Down, target);
        let expected: Vec<String> = expected.iter().map(|name| format!("down {name}")).collect();
        assert_eq!(planned(&available, &history, &request), expected, "{:?}", request.target);
    }
}

#[test]
fn with_nothing_applied_there_is_nothing_to_revert() {
    let available = migrations(&[USERS, ROLES]);
    for target in [Target::All, steps(1)] {
        for action in [Action::Down, Action::Redo] {
            let request = request(action, target.clone());
            assert!(planned(&available, &History::default(), &request).is_empty());
        }
    }
}

#[test]
fn redo_reverts_newest_first_and_applies_oldest_first() {
    let available = migrations(&[USERS, ROLES, PRODUCTS]);
    assert_eq!(
        planned(&available, &applied(&[USERS, ROLES]), &request(Action::Redo, steps(2))),
        [
            format!("down {ROLES}"),
            format!("down {USERS}"),
            format!("up {USERS}"),
            format!("up {ROLES}"),
        ]
    );
}

#[test]
fn redo_ignores_checks_that_apply_only_to_pending_scripts() {
    let far = "m20990101_000000_far";
    let available = migrations(&[USERS, far]);
    let redo = RunRequest { out_of_order: OutOfOrder::Refuse, ..request(Action::Redo, steps(2)) };
    assert_eq!(planned(&available, &applied(&[USERS, far]), &redo).len(), 4);
}

#[test]
fn a_script_that_is_not_applied_cannot_be_reverted() {
    let available = migrations(&[USERS, ROLES]);
    for target in [to(ROLES), only(&[ROLES]), only(&[USERS, ROLES])] {
        assert_eq!(
            refused(&available, &applied(&[USERS]), &request(Action::Down, target)),
            [
                "`migrations/m20250102_080000_create_roles.rs` is not applied, so there is nothing to revert",
                "`migrator migrate-status` lists the migrations",
            ]
        );
    }
}

#[test]
fn a_missing_down_is_refused_before_anything_is_reverted() {
    let available =
        scripts_of_kind(ScriptKind::Migration, [only_up(USERS), script(ROLES), script(PRODUCTS)]);
    let history = applied(&[USERS, ROLES, PRODUCTS]);
    for (action, target) in [
        (Action::Down, Target::All),
        (Action::Down, to(USERS)),
        (Action::Down, only(&[USERS])),
        (Action::Redo, steps(3)),
    ] {
        assert_eq!(
            refused(&available, &history, &request(action, target)),
            [
                "`migrations/m20250101_080000_create_users.rs` has no `down`; nothing was reverted",
                "add `pub async fn down` to the file, or the reason why the script is irreversible: \
                 `pub const IRREVERSIBLE: &str = \"…\";`",
            ]
        );
    }
    assert_eq!(planned(&available, &history, &request(Action::Down, steps(2))).len(), 2);
}

#[test]
fn an_irreversible_script_is_refused_with_its_reason() {
    for available in [
        scripts_of_kind(ScriptKind::Migration, [script(USERS).irreversible("the rows are gone")]),
        scripts_of_kind(ScriptKind::Migration, [only_up(USERS).irreversible("the rows are gone")]),
    ] {
        assert_eq!(
            refused(&available, &applied(&[USERS]), &request(Action::Down, steps(1))),
            [
                "`migrations/m20250101_080000_create_users.rs` is irreversible: the rows are gone; nothing was reverted",
                "write a new script that makes the change that you need",
            ]
        );
    }
}

#[test]
fn a_script_with_a_missing_file_cannot_be_reverted() {
    let available = migrations(&[USERS]);
    let history = applied(&[USERS, ROLES]);
    for target in [steps(1), Target::All, to(USERS), only(&[ROLES])] {
        assert_eq!(
            refused(&available, &history, &request(Action::Down, target)),
            [
                "the file of `m20250102_080000_create_roles` is missing, so the script cannot be used; nothing was changed",
                "restore the file from version control: `git log --diff-filter=D -- '*m20250102_080000_create_roles.rs'` finds the commit that deleted it; if it was never committed, `migrator migrate-repair --not-applied m20250102_080000_create_roles` removes it from the history, and its changes stay in the database",
            ]
        );
    }
    let another = request(Action::Down, only(&[USERS]));
    assert_eq!(planned(&available, &history, &another), [format!("down {USERS}")]);
}

#[test]
fn an_interrupted_revert_is_started_again() {
    let mut history = applied(&[USERS]);
    history.rows.insert(Name::from_static(ROLES), interrupted(Direction::Down));
    let available = migrations(&[USERS, ROLES]);
    let plan = plan(&available, &history, &request(Action::Down, steps(1))).expect("a plan");
    let [step] = plan.steps.as_slice() else { panic!("{:?}", plan.steps) };
    assert_eq!(
        (step.name.as_str(), step.direction, step.resumes_interrupted),
        (ROLES, Direction::Down, true)
    );
}

#[test]
fn a_script_interrupted_in_up_is_not_reverted() {
    let mut history = applied(&[USERS]);
    history.rows.insert(Name::from_static(ROLES), interrupted(Direction::Up));
    let available = migrations(&[USERS, ROLES]);
    assert_eq!(
        planned(&available, &history, &request(Action::Down, steps(1))),
        [format!("down {USERS}")]
    );
}

#[test]
fn seed_down_keeps_the_seeds_of_other_environments() {
    let scripts = [script(USERS), script(ROLES).environment("production"), script(PRODUCTS)];
    let history = applied(&[USERS, ROLES, PRODUCTS]);
    for (environment, expected) in
        [("development", vec![PRODUCTS, USERS]), ("production", vec![PRODUCTS, ROLES, USERS])]
    {
        let available = scripts_in_environment(ScriptKind::Seed, environment, scripts);
        let request = request(Action::Down, Target::All);
        let expected: Vec<String> = expected.iter().map(|name| format!("down {name}")).collect();
        assert_eq!(planned(&available, &history, &request), expected, "{environment}");
    }
}
