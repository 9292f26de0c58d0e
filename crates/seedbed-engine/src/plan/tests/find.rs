//! Tests names and versions that no script or several scripts have.

use super::*;

#[test]
fn an_unknown_name_is_refused_with_the_most_similar_one() {
    let available = migrations(&[USERS, ROLES, "m20230403_make_profiles"]);
    for given in [
        "m20250101_080000_create_user",
        "m20250101_080000_create_usres",
        "create_usres",
        "createUsres",
        "src/migrations/create_user.rs",
    ] {
        for action in [Action::Up, Action::Down] {
            let [message, hint] =
                refused(&available, &History::default(), &request(action, to(given)));
            let name = given.trim_start_matches("src/migrations/").trim_end_matches(".rs");
            assert_eq!(message, format!("no migration is called `{name}`"));
            assert_eq!(hint, format!("similar names: `{USERS}`"), "{given}");
        }
    }
}

#[test]
fn a_part_of_a_name_is_refused_with_all_similar_names() {
    let available = migrations(&[USERS, ROLES, PRICES]);
    for (given, expected) in [
        ("users", format!("similar names: `{USERS}`")),
        ("usres", format!("similar names: `{USERS}`")),
        ("create", format!("similar names: `{USERS}`, `{ROLES}`")),
    ] {
        let [_, hint] = refused(&available, &History::default(), &request(Action::Up, to(given)));
        assert_eq!(hint, expected);
    }
}

#[test]
fn a_script_is_found_by_the_words_of_its_name_in_any_case() {
    let available = migrations(&[USERS, ROLES, "m20230403_create_user_profiles"]);
    for given in ["create_users", "createUsers", "create-users", "src/create_users.rs"] {
        let only = request(Action::Up, only(&[given]));
        assert_eq!(planned(&available, &History::default(), &only), [format!("up {USERS}")]);
    }
    let old = request(Action::Up, only(&["createUserProfiles"]));
    let planned = planned(&available, &History::default(), &old);
    assert_eq!(planned, ["up m20230403_create_user_profiles"]);
}

#[test]
fn the_error_about_an_unknown_name_points_to_the_list_of_scripts() {
    let seeds = scripts_of_kind(ScriptKind::Seed, [script(USERS)]);
    for (available, expected) in [
        (
            migrations(&[USERS]),
            ["no migration is called `zzz`", "`migrator migrate-status` lists the migrations"],
        ),
        (seeds, ["no seed is called `zzz`", "`migrator seed-status` lists the seeds"]),
    ] {
        for target in [to("zzz"), only(&["zzz"]), only(&[USERS, "zzz"])] {
            let request = request(Action::Up, target);
            assert_eq!(refused(&available, &History::default(), &request), expected);
        }
    }
}

#[test]
fn a_name_in_the_history_is_found_even_if_its_file_is_missing() {
    let available = migrations(&[USERS, PRODUCTS]);
    let history = applied(&[ROLES]);
    for given in [ROLES, "20250102_080000"] {
        let request = request(Action::Up, to(given));
        assert_eq!(planned(&available, &history, &request), [format!("up {USERS}")]);
    }
    let [_, hint] = refused(&available, &history, &request(Action::Up, to("create_role")));
    assert_eq!(hint, format!("similar names: `{ROLES}`"));
}

#[test]
fn a_version_or_words_shared_by_several_scripts_are_refused_and_a_full_name_is_not() {
    let available = migrations(&["m20230403_create_user", "m20230403_create_role"]);
    let by_version = request(Action::Up, to("20230403"));
    assert_eq!(
        refused(&available, &History::default(), &by_version),
        [
            "`20230403` matches several scripts: `m20230403_create_role`, `m20230403_create_user`",
            "use the complete name",
        ]
    );
    let twice = migrations(&["m20230403_more", "m20230404_more"]);
    let [message, _] = refused(&twice, &History::default(), &request(Action::Up, only(&["more"])));
    assert_eq!(message, "`more` matches several scripts: `m20230403_more`, `m20230404_more`");
    let by_name = request(Action::Up, to("m20230403_create_role"));
    assert_eq!(planned(&available, &History::default(), &by_name), ["up m20230403_create_role"]);
}

#[test]
fn an_empty_selector_matches_no_script() {
    for given in ["", "/", ".rs", "m"] {
        let [message, _] =
            refused(&migrations(&[USERS]), &applied(&[ROLES]), &request(Action::Down, to(given)));
        assert!(message.starts_with("no migration is called "), "{given}: {message}");
    }
}

/// SeaORM's `MigrationName::name()` may return anything.
#[test]
fn a_name_without_a_version_is_found_by_its_whole_text_and_its_words() {
    let available = migrations(&["first_of_all", "Zweite Migration", USERS]);
    for (given, expected) in [
        ("first_of_all", "first_of_all"),
        ("firstOfAll", "first_of_all"),
        ("Zweite Migration", "Zweite Migration"),
    ] {
        let only = request(Action::Up, only(&[given]));
        assert_eq!(planned(&available, &History::default(), &only), [format!("up {expected}")]);
    }
    let history = applied(&["first_of_all", "Zweite Migration"]);
    let down = request(Action::Down, steps(1));
    assert_eq!(planned(&available, &history, &down), ["down first_of_all"]);
}
