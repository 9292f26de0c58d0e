//! Names and versions that nothing, or more than one thing, has.

use super::*;

#[test]
fn an_unknown_name_is_met_with_the_one_that_looks_most_like_it() {
    let available = migrations(&[USERS, ROLES, "m20230403_create_user_profiles"]);
    for given in [
        "m20250101_080000_create_user",
        "m20250101_080000_create_usres",
        "create_users",
        "createUsers",
        "src/migrations/create_users.rs",
    ] {
        for action in [Action::Up, Action::Down] {
            let [message, hint] =
                refused(&available, &History::default(), &request(action, to(given)));
            let name = given.trim_start_matches("src/migrations/").trim_end_matches(".rs");
            assert_eq!(message, format!("there is no migration {name}"));
            assert_eq!(hint, format!("did you mean {USERS}?"), "{given}");
        }
    }
}

#[test]
fn a_name_like_no_other_is_met_with_the_list() {
    let seeds = of_kind(Kind::Seed, [script(USERS)]);
    for (available, expected) in [
        (migrations(&[USERS]), ["there is no migration zzz", "`make migrate-status` lists them"]),
        (seeds, ["there is no seed zzz", "`make seed-status` lists them"]),
    ] {
        for target in [to("zzz"), only(&["zzz"]), only(&[USERS, "zzz"])] {
            let request = request(Action::Up, target);
            assert_eq!(refused(&available, &History::default(), &request), expected);
        }
    }
}

#[test]
fn a_name_in_the_history_is_known_though_its_file_is_gone() {
    let available = migrations(&[USERS, PRODUCTS]);
    let history = applied(&[ROLES]);
    for given in [ROLES, "20250102_080000"] {
        let request = request(Action::Up, to(given));
        assert_eq!(planned(&available, &history, &request), [format!("up {USERS}")]);
    }
    let [_, hint] = refused(&available, &history, &request(Action::Up, to("create_role")));
    assert_eq!(hint, format!("did you mean {ROLES}?"));
}

#[test]
fn a_version_of_several_is_refused_and_a_name_of_one_of_them_is_not() {
    let available = migrations(&["m20230403_create_user", "m20230403_create_role"]);
    let by_version = request(Action::Up, to("20230403"));
    assert_eq!(
        refused(&available, &History::default(), &by_version),
        [
            "20230403 is the version of several: m20230403_create_role, m20230403_create_user",
            "give the whole name",
        ]
    );
    let by_name = request(Action::Up, to("m20230403_create_role"));
    assert_eq!(planned(&available, &History::default(), &by_name), ["up m20230403_create_role"]);
}

#[test]
fn nothing_at_all_is_no_name() {
    for given in ["", "/", ".rs", "m"] {
        let [message, _] =
            refused(&migrations(&[USERS]), &applied(&[ROLES]), &request(Action::Down, to(given)));
        assert!(message.starts_with("there is no migration "), "{given}: {message}");
    }
}
