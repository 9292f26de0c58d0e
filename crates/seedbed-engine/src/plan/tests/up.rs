//! Tests which scripts `up` selects.

use super::*;

#[test]
fn everything_pending_runs_in_the_order_of_the_names() {
    let available = migrations(&[PRODUCTS, USERS, PRICES, ROLES]);
    let all = request(Action::Up, Target::All);
    assert_eq!(
        planned(&available, &History::default(), &all),
        [USERS, ROLES, PRODUCTS, PRICES].map(|name| format!("up {name}"))
    );
    assert_eq!(
        planned(&available, &applied(&[USERS, ROLES]), &all),
        [PRODUCTS, PRICES].map(|name| format!("up {name}"))
    );
}

#[test]
fn names_of_other_forms_run_in_the_order_of_their_bytes() {
    let names = ["m20230403_create_user", "m0000010_init", USERS, "m001_first"];
    assert_eq!(
        planned(&migrations(&names), &History::default(), &request(Action::Up, Target::All)),
        ["m0000010_init", "m001_first", "m20230403_create_user", USERS]
            .map(|name| format!("up {name}"))
    );
}

#[test]
fn with_everything_applied_there_is_nothing_to_do() {
    let available = migrations(&[USERS, ROLES]);
    let history = applied(&[USERS, ROLES]);
    for target in [Target::All, steps(3), to(ROLES), to(USERS), only(&[USERS])] {
        let request = request(Action::Up, target);
        assert!(planned(&available, &history, &request).is_empty(), "{request:?}");
    }
}

#[test]
fn a_number_of_steps_applies_that_many_of_the_oldest_pending_scripts() {
    let available = migrations(&[USERS, ROLES, PRODUCTS]);
    for (count, expected) in
        [(1, vec![ROLES]), (2, vec![ROLES, PRODUCTS]), (9, vec![ROLES, PRODUCTS])]
    {
        let expected: Vec<String> = expected.iter().map(|name| format!("up {name}")).collect();
        assert_eq!(
            planned(&available, &applied(&[USERS]), &request(Action::Up, steps(count))),
            expected
        );
    }
}

#[test]
fn a_target_is_inclusive_by_name_version_or_path() {
    let available = migrations(&[USERS, ROLES, PRODUCTS]);
    for given in [
        ROLES,
        "20250102_080000",
        "m20250102_080000_create_roles.rs",
        "apps/backend/tools/rds/src/migrations/m20250102_080000_create_roles.rs",
        "./m20250102_080000_create_roles.rs",
    ] {
        assert_eq!(
            planned(&available, &History::default(), &request(Action::Up, to(given))),
            [USERS, ROLES].map(|name| format!("up {name}")),
            "{given}"
        );
    }
}

#[test]
fn a_target_with_a_version_of_another_form_is_inclusive() {
    let available = migrations(&["m0000010_init", "m20230403_create_user", USERS]);
    for (given, expected) in [("0000010", 1), ("20230403", 2), ("20250101_080000", 3)] {
        let planned = planned(&available, &History::default(), &request(Action::Up, to(given)));
        assert_eq!(planned.len(), expected, "{given}");
    }
}

#[test]
fn only_the_named_scripts_run_once_each_and_in_order() {
    let available = migrations(&[USERS, ROLES, PRODUCTS, PRICES]);
    let named = only(&[PRICES, ROLES, "20250104_080000", USERS]);
    assert_eq!(
        planned(&available, &applied(&[USERS]), &request(Action::Up, named)),
        [ROLES, PRICES].map(|name| format!("up {name}"))
    );
}

#[test]
fn a_script_without_a_down_can_be_applied() {
    let available = scripts_of_kind(
        ScriptKind::Migration,
        [only_up(USERS), script(ROLES).irreversible("the rows are gone")],
    );
    assert_eq!(
        planned(&available, &History::default(), &request(Action::Up, Target::All)),
        [USERS, ROLES].map(|name| format!("up {name}"))
    );
}

#[test]
fn the_plan_contains_an_interrupted_script_as_resumed() {
    let available = migrations(&[USERS, ROLES]);
    let mut history = applied(&[USERS]);
    history.rows.insert(Name::from_static(ROLES), interrupted(Direction::Up));
    let plan = plan(&available, &history, &request(Action::Up, Target::All)).expect("a plan");
    let [step] = plan.steps.as_slice() else { panic!("{:?}", plan.steps) };
    assert_eq!(
        (step.name.as_str(), step.direction, step.resumes_interrupted),
        (ROLES, Direction::Up, true)
    );
}

/// Returns three seeds, for a run in the given environment: USERS runs in every environment, ROLES in development, and
/// PRODUCTS in production.
fn seeds(environment: &'static str) -> Scripts {
    scripts_in_environment(
        ScriptKind::Seed,
        environment,
        [
            script(USERS),
            script(ROLES).environment("development"),
            script(PRODUCTS).environment("production"),
        ],
    )
}

#[test]
fn a_seed_of_another_environment_does_not_run() {
    for (environment, expected) in [
        ("development", vec![USERS, ROLES]),
        ("production", vec![USERS, PRODUCTS]),
        ("test", vec![USERS]),
    ] {
        let request = request(Action::Up, Target::All);
        let expected: Vec<String> = expected.iter().map(|name| format!("up {name}")).collect();
        assert_eq!(
            planned(&seeds(environment), &History::default(), &request),
            expected,
            "{environment}"
        );
    }
}

#[test]
fn a_seed_of_another_environment_is_refused_by_name() {
    for target in [only(&[PRODUCTS]), to(PRODUCTS), to("20250103_080000")] {
        assert_eq!(
            refused(&seeds("development"), &History::default(), &request(Action::Up, target)),
            [
                "`migrations/m20250103_080000_create_products.rs` runs only in the environment `production`",
                "run the command with `--env production`",
            ]
        );
    }
}

#[test]
fn a_newer_seed_of_another_environment_puts_nothing_out_of_order() {
    let history = applied(&[PRODUCTS]);
    let request =
        RunRequest { out_of_order: OutOfOrder::Refuse, ..request(Action::Up, Target::All) };
    assert_eq!(
        planned(&seeds("development"), &history, &request),
        [USERS, ROLES].map(|name| format!("up {name}"))
    );
}
