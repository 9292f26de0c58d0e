//! Tests pending scripts that are refused: out of order, with the same version, or ahead of the clock.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager};

use super::*;

/// Returns a history in which only the newest of three migrations is applied.
fn late() -> (Scripts, History) {
    (migrations(&[USERS, ROLES, PRODUCTS]), applied(&[PRODUCTS]))
}

fn up(out_of_order: OutOfOrder) -> RunRequest {
    RunRequest { out_of_order, ..request(Action::Up, Target::All) }
}

#[test]
fn each_script_out_of_order_is_a_warning_in_development() {
    let (available, history) = late();
    assert_eq!(planned(&available, &history, &up(OutOfOrder::Warn)).len(), 2);
    assert_eq!(
        warned(&available, &history, &up(OutOfOrder::Warn)),
        ["users", "roles"].map(|table| {
            let day = if table == "users" { 1 } else { 2 };
            format!(
                "`migrations/m2025010{day}_080000_create_{table}.rs` is out of order: `migrations/m20250103_080000_create_products.rs` is newer and already applied"
            )
        })
    );
}

#[test]
fn out_of_order_is_refused_outside_of_development_and_by_strict_naming_both_files() {
    let (available, history) = late();
    let several = [
        "out of order: `migrations/m20250101_080000_create_users.rs`, `migrations/m20250102_080000_create_roles.rs` are older than `migrations/m20250103_080000_create_products.rs`, which is applied",
        "give the files later times in their names, or allow this order: `migrator migrate-up --allow-out-of-order`",
    ];
    assert_eq!(refused(&available, &history, &up(OutOfOrder::Refuse)), several);
    let strict = RunRequest { strict: true, ..up(OutOfOrder::Warn) };
    assert_eq!(refused(&available, &history, &strict), several);
    let one = RunRequest { target: only(&[ROLES]), ..up(OutOfOrder::Refuse) };
    assert_eq!(
        refused(&available, &history, &one)[0],
        "out of order: `migrations/m20250102_080000_create_roles.rs` is older than `migrations/m20250103_080000_create_products.rs`, which is applied"
    );
}

#[test]
fn a_script_that_is_allowed_out_of_order_causes_no_warning() {
    let (available, history) = late();
    for strict in [false, true] {
        let allowed = RunRequest { strict, ..up(OutOfOrder::Allow) };
        assert_eq!(planned(&available, &history, &allowed).len(), 2);
        assert_eq!(warned(&available, &history, &allowed), [""; 0]);
    }
}

#[test]
fn only_a_script_that_would_run_can_be_out_of_order() {
    let available = migrations(&[USERS, ROLES, PRODUCTS, PRICES]);
    let history = applied(&[USERS, PRODUCTS]);
    let newest = RunRequest { target: only(&[PRICES]), ..up(OutOfOrder::Refuse) };
    assert_eq!(planned(&available, &history, &newest), [format!("up {PRICES}")]);
    assert_eq!(warned(&available, &history, &newest), [""; 0]);
}

#[test]
fn a_newer_applied_script_without_a_file_is_identified_by_its_name() {
    let history = applied(&[PRODUCTS]);
    assert_eq!(
        refused(&migrations(&[USERS]), &history, &up(OutOfOrder::Refuse))[0],
        "out of order: `migrations/m20250101_080000_create_users.rs` is older than `m20250103_080000_create_products`, which is applied"
    );
}

#[test]
fn the_hint_about_a_seed_out_of_order_names_the_seed_command() {
    let seeds = scripts_of_kind(ScriptKind::Seed, [script(USERS), script(ROLES)]);
    assert_eq!(
        refused(&seeds, &applied(&[ROLES]), &up(OutOfOrder::Refuse))[1],
        "give the file a later time in its name, or allow this order: `migrator seed-up --allow-out-of-order`"
    );
}

#[test]
fn scripts_that_another_tool_skipped_are_listed_with_the_flag_to_apply_them() {
    let (available, mut history) = late();
    history.imported = true;
    for out_of_order in [OutOfOrder::Warn, OutOfOrder::Refuse] {
        assert_eq!(
            refused(&available, &history, &up(out_of_order)),
            [
                "another tool has migrated this database to `migrations/m20250103_080000_create_products.rs` without these older scripts:\n  \
                 migrations/m20250101_080000_create_users.rs\n  \
                 migrations/m20250102_080000_create_roles.rs",
                "`migrator migrate-up --allow-out-of-order` applies them now",
            ]
        );
    }
    assert_eq!(planned(&available, &history, &up(OutOfOrder::Allow)).len(), 2);
}

#[test]
fn a_script_newer_than_an_imported_history_is_pending() {
    let mut history = applied(&[USERS, ROLES]);
    history.imported = true;
    let available = migrations(&[USERS, ROLES, PRODUCTS]);
    assert_eq!(planned(&available, &history, &up(OutOfOrder::Refuse)), [format!("up {PRODUCTS}")]);
}

/// A migration with the timestamp of ROLES.
const TWIN: &str = "m20250102_080000_another_branch";

#[test]
fn two_files_with_one_date_and_time_are_refused_when_one_would_run() {
    let available = migrations(&[USERS, ROLES, TWIN]);
    // An applied script keeps its name.
    for (applied, other, renamed) in [
        (applied(&[USERS]), TWIN, ROLES),
        (applied(&[USERS, ROLES]), ROLES, TWIN),
        (applied(&[USERS, TWIN]), TWIN, ROLES),
    ] {
        let expected = [
            format!(
                "`migrations/{other}.rs` and `migrations/{renamed}.rs` have the same date and time, so their order is undefined"
            ),
            format!("give `migrations/{renamed}.rs` a later time in its name"),
        ];
        for out_of_order in [OutOfOrder::Warn, OutOfOrder::Refuse, OutOfOrder::Allow] {
            assert_eq!(refused(&available, &applied, &up(out_of_order)), expected);
        }
    }
}

/// A SeaORM file.
struct SeaOrmFile(&'static str);

impl MigrationName for SeaOrmFile {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SeaOrmFile {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

#[test]
fn sea_orms_own_files_may_share_a_date_and_time_and_run_in_the_order_of_their_names() {
    let twin = Script::from_sea_orm(TWIN, TWIN, "as it was", || Box::new(SeaOrmFile(TWIN)));
    let roles = Script::from_sea_orm(ROLES, ROLES, "as it was", || Box::new(SeaOrmFile(ROLES)));
    let both = scripts_of_kind(ScriptKind::Migration, [roles, twin]);
    let expected = [format!("up {TWIN}"), format!("up {ROLES}")];
    assert_eq!(planned(&both, &History::default(), &up(OutOfOrder::Refuse)), expected);
    // A new file beside a SeaORM file has another timestamp.
    let mixed = scripts_of_kind(ScriptKind::Migration, [roles, script(TWIN)]);
    let [_, hint] = refused(&mixed, &applied(&[ROLES]), &up(OutOfOrder::Allow));
    assert_eq!(hint, format!("give `migrations/{TWIN}.rs` a later time in its name"));
}

#[test]
fn two_files_with_one_date_and_time_do_not_matter_when_neither_would_run() {
    let available = migrations(&[USERS, ROLES, TWIN, PRODUCTS]);
    let first = request(Action::Up, steps(1));
    assert_eq!(planned(&available, &History::default(), &first), [format!("up {USERS}")]);
    let both = applied(&[USERS, ROLES, TWIN]);
    assert_eq!(planned(&available, &both, &up(OutOfOrder::Warn)), [format!("up {PRODUCTS}")]);
}

#[test]
fn seeds_of_two_environments_may_have_one_date_and_time() {
    let seeds = scripts_of_kind(
        ScriptKind::Seed,
        [script(ROLES).environment("development"), script(TWIN).environment("production")],
    );
    assert_eq!(
        planned(&seeds, &History::default(), &up(OutOfOrder::Warn)),
        [format!("up {ROLES}")]
    );
}

#[test]
fn names_with_a_date_and_no_time_may_share_the_date() {
    let available = migrations(&["m20230403_create_user", "m20230403_create_role"]);
    assert_eq!(planned(&available, &History::default(), &up(OutOfOrder::Refuse)).len(), 2);
}

#[test]
fn a_timestamp_is_refused_only_if_it_is_more_than_a_day_ahead_of_the_clock() {
    for (name, ahead) in [
        ("m20250602_120000_zone", false),
        ("m20250602_120001_far", true),
        ("m20990101_000000_far", true),
    ] {
        let available = migrations(&[USERS, String::leak(name.to_owned())]);
        let request = up(OutOfOrder::Allow);
        if ahead {
            assert_eq!(
                refused(&available, &applied(&[USERS]), &request),
                [
                    format!(
                        "the name of `migrations/{name}.rs` is more than a day ahead of the clock, so new scripts would be out of order until then"
                    ),
                    "give the file the current time in its name, as `seedbed create-migration …` does"
                        .to_owned(),
                ]
            );
        } else {
            assert_eq!(planned(&available, &applied(&[USERS]), &request), [format!("up {name}")]);
        }
        let first = RunRequest { target: steps(1), ..request };
        assert_eq!(planned(&available, &History::default(), &first), [format!("up {USERS}")]);
    }
}

#[test]
fn an_impossible_date_is_not_compared_with_the_clock() {
    let available = migrations(&["m20251399_996161_odd", "m20251399_996161_odder"]);
    assert_eq!(planned(&available, &History::default(), &up(OutOfOrder::Refuse)).len(), 2);
}
