//! Tests what `--step`, `--to`, `--name` and `--all` select, and names that match nothing.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, applied_migrations, catalog, migrated_database, printed_steps};
use test_support::assert_snapshot;

#[tokio::test]
async fn up_stops_at_the_target() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    for (args, expected) in [
        (["migrate-up", "--step=1"], vec!["m20250101_000001_rows"]),
        (
            ["migrate-up", "--to=m20250101_000002_two"],
            vec!["m20250101_000001_rows", "m20250101_000002_two"],
        ),
        (
            ["migrate-up", "--to=20250101_000002"],
            vec!["m20250101_000001_rows", "m20250101_000002_two"],
        ),
        (
            ["migrate-up", "--to=apps/backend/tools/rds/src/migrations/m20250101_000002_two.rs"],
            vec!["m20250101_000001_rows", "m20250101_000002_two"],
        ),
        (["migrate-up", "--name=m20250101_000003_three"], vec!["m20250101_000003_three"]),
    ] {
        let up = plain.run(args).await.succeeded();
        let lines: Vec<String> = expected.iter().map(|name| format!("applied {name}")).collect();
        assert_eq!(printed_steps(&up), lines, "{up}");
        assert_eq!(applied_migrations(db.connection()).await, expected);
        plain.run(["migrate-down", "--all"]).await.succeeded();
    }
}

#[tokio::test]
async fn down_stops_at_the_target() {
    let all = [
        "m20250101_000001_rows",
        "m20250101_000002_two",
        "m20250101_000003_three",
        "m20250101_000004_four",
    ];
    let db = migrated_database("plain").await;
    let plain = Fixture::new("plain", db.url());
    for (args, left) in [
        (vec!["migrate-down"], &all[..3]),
        (vec!["migrate-down", "--step", "3"], &all[..1]),
        (vec!["migrate-down", "--to", "m20250101_000002_two"], &all[..1]),
        (vec!["migrate-down", "--to", "20250101_000004"], &all[..3]),
        (vec!["migrate-down", "--all"], &[]),
    ] {
        let down = plain.run(args.as_slice()).await.succeeded();
        let lines: Vec<String> =
            all[left.len()..].iter().rev().map(|name| format!("reverted {name}")).collect();
        assert_eq!(printed_steps(&down)[..lines.len()], lines, "{down}");
        assert_eq!(applied_migrations(db.connection()).await, left);
        plain.run(["migrate-up"]).await.succeeded();
    }
}

#[tokio::test]
async fn redo_reverts_newest_first_and_applies_oldest_first() {
    let db = migrated_database("plain").await;
    let redo = Fixture::new("plain", db.url()).run(["migrate-redo", "--step", "2"]).await;
    assert_eq!(
        printed_steps(&redo.succeeded())[..4],
        [
            "reverted m20250101_000004_four",
            "reverted m20250101_000003_three",
            "applied m20250101_000003_three",
            "applied m20250101_000004_four",
        ]
    );
    assert_eq!(applied_migrations(db.connection()).await.len(), 4);
}

#[tokio::test]
async fn the_error_about_an_unknown_name_suggests_the_most_similar_name() {
    let db = TestDatabase::empty().await;
    let before = catalog(db.connection()).await;
    let plain = Fixture::new("plain", db.url());
    let mut transcript = String::new();
    for args in [
        ["migrate-up", "--to=m20250101_000002_tow"],
        ["migrate-up", "--name=thre"],
        ["migrate-down", "--to=hree"],
        ["migrate-up", "--to=zzz"],
        ["migrate-down", "--name=xyz"],
        ["seed-up", "--name=xyz"],
    ] {
        transcript += &format!("{}\n", plain.run(args).await.exited_with(1));
    }
    assert_snapshot!("the_error_about_an_unknown_name_suggests_the_most_similar_name", transcript);
    assert_eq!(catalog(db.connection()).await, before);
}

#[tokio::test]
async fn only_applied_scripts_can_be_reverted_and_only_pending_ones_applied() {
    let db = migrated_database("plain-one-and-three").await;
    let plain = Fixture::new("plain", db.url());
    for args in
        [["migrate-down", "--to=20250101_000002"], ["migrate-down", "--name=20250101_000002"]]
    {
        let refused = plain.run(args).await.exited_with(1);
        assert_snapshot!(
            "only_applied_scripts_can_be_reverted_and_only_pending_ones_applied_2",
            refused.stderr
        );
    }
    let up = plain.run(["migrate-up", "--name", "20250101_000003"]).await.succeeded();
    assert_snapshot!(
        "only_applied_scripts_can_be_reverted_and_only_pending_ones_applied",
        up.stdout
    );
    assert_eq!(applied_migrations(db.connection()).await.len(), 2);
}

#[tokio::test]
async fn every_command_succeeds_without_scripts() {
    let db = TestDatabase::empty().await;
    let before = catalog(db.connection()).await;
    let empty = Fixture::new("empty", db.url());
    for (args, expected) in [
        (["migrate-up"], "nothing to do: no migration is pending\n"),
        (["migrate-down"], "nothing to do: no migration is applied\n"),
        (["migrate-redo"], "nothing to do: no migration is applied\n"),
        (["migrate-status"], "there are no migrations: `seedbed create-migration …` creates one\n"),
        (["seed-up"], "nothing to do: no seed is pending\n"),
        (["seed-down"], "nothing to do: no seed is applied\n"),
        (["seed-status"], "there are no seeds: `seedbed create-seed …` creates one\n"),
        (["fresh-start"], "nothing to do: everything is applied\n"),
    ] {
        let finished = empty.run(args).await.succeeded();
        assert_eq!(
            (finished.stdout.as_str(), finished.stderr.as_str()),
            (expected, ""),
            "{args:?}"
        );
    }
    assert_eq!(catalog(db.connection()).await, before);
}
