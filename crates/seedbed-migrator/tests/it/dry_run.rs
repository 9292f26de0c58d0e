//! Tests that `--dry-run` lists scripts, changes nothing, and refuses everything that the real run refuses.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, text, texts};

use crate::support::assert_refused;

/// Returns the relations with their files, and the rows of the history and of a script's table: all that a run could
/// change.
async fn everything(db: &TestDatabase) -> Vec<String> {
    let mut all = texts(
        db.connection(),
        "SELECT format('%s %s', oid::regclass, relfilenode) FROM pg_class \
         WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    )
    .await;
    for table in ["seaql_migrations", "seaql_seeds", "seedbed_log", "m20250101_000001_rows"] {
        let exists = format!("SELECT (to_regclass('{table}') IS NOT NULL)::text");
        if text(db.connection(), &exists).await == "true" {
            all.extend(
                texts(db.connection(), &format!("SELECT t::text FROM {table} t ORDER BY 1")).await,
            );
        }
    }
    all
}

const ALL: &str = "would apply  m20250101_000001_rows\n\
                   would apply  m20250101_000002_two\n\
                   would apply  m20250101_000003_three\n\
                   would apply  m20250101_000004_four\n";
const SEEDS: &str = "would apply  m20250101_000001_first\nwould apply  m20250101_000002_second\n";

#[tokio::test]
async fn a_dry_run_on_an_empty_database_lists_the_scripts_and_creates_nothing() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    for (args, expected) in [
        (vec!["migrate-up", "--dry-run"], ALL.to_owned()),
        (
            vec!["migrate-up", "--dry-run", "--step", "1"],
            ALL.lines().take(1).map(|line| format!("{line}\n")).collect(),
        ),
        (vec!["migrate-down", "--dry-run"], "nothing to do: no migration is applied\n".to_owned()),
        (vec!["fresh-start", "--dry-run"], format!("{ALL}{SEEDS}")),
    ] {
        let finished = plain.run(args.as_slice()).await.succeeded();
        assert_eq!((finished.stdout, finished.stderr.as_str()), (expected, ""), "{args:?}");
    }
    assert_refused(plain.run(["seed-up", "--dry-run"]).await, 1)
        .stderr_contains(["4 migrations are pending"]);
    assert_eq!(everything(&db).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_dry_run_on_a_migrated_database_lists_the_scripts_and_changes_nothing() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["fresh-start"]).await.succeeded();
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let before = everything(&db).await;
    for (args, expected) in [
        (vec!["migrate-up"], vec!["nothing to do: no migration is pending"]),
        (vec!["migrate-down"], vec!["would revert m20250101_000004_four"]),
        (
            vec!["migrate-redo"],
            vec!["would revert m20250101_000004_four", "would apply  m20250101_000004_four"],
        ),
        (vec!["seed-up"], vec!["nothing to do: no seed is pending"]),
        (
            vec!["seed-down"],
            vec!["would revert m20250101_000002_second", "would revert m20250101_000001_first"],
        ),
        (
            vec!["seed-redo"],
            vec!["would revert m20250101_000002_second", "would apply  m20250101_000002_second"],
        ),
        (vec!["fresh-start"], vec!["nothing to do: everything is applied"]),
    ] {
        let finished = plain.run([&args[..], &["--dry-run"]].concat()).await.succeeded();
        assert_eq!(finished.stdout.lines().collect::<Vec<_>>(), expected, "{finished}");
    }
    let reset = plain.run(["db-reset", "--dry-run", "--database-name", &name]).await.succeeded();
    let lines: Vec<&str> = reset.stdout.lines().collect();
    assert!(lines[0].starts_with(&format!("would drop   {name} at ")), "{reset}");
    assert!(lines[1].starts_with(&format!("would create {name} at ")), "{reset}");
    assert!(reset.stdout.ends_with(&format!("{ALL}{SEEDS}")), "{reset}");

    let json = plain
        .run(["db-reset", "--dry-run", "--json", "--database-name", &name])
        .await
        .succeeded()
        .json();
    assert_eq!(json["database"], serde_json::json!(["drop", "create"]));
    assert_eq!(json["planned"].as_array().map(Vec::len), Some(6));
    let json = plain.run(["migrate-redo", "--dry-run", "--json"]).await.succeeded().json();
    let step = |direction: &str| {
        let name = "m20250101_000004_four";
        serde_json::json!({"kind": "migration", "name": name, "direction": direction, "file": name})
    };
    assert_eq!(json["planned"], serde_json::json!([step("down"), step("up")]));
    assert_eq!(everything(&db).await, before);
}

#[tokio::test]
async fn a_fresh_start_without_a_database_lists_that_it_would_create_it() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let missing = db.url().replacen(&name, &format!("{name}_x"), 1);
    let plain = Fixture::new("plain", &missing);
    let finished = plain.run(["fresh-start", "--dry-run"]).await.succeeded();
    assert!(finished.stdout.starts_with(&format!("would create {name}_x at ")), "{finished}");
    assert!(finished.stdout.ends_with(&format!("{ALL}{SEEDS}")), "{finished}");
    let databases = format!("SELECT count(*)::text FROM pg_database WHERE datname = '{name}_x'");
    assert_eq!(text(db.connection(), &databases).await, "0");
    assert_refused(plain.run(["migrate-up", "--dry-run"]).await, 1)
        .stderr_contains(["does not exist at"]);
}

#[tokio::test]
async fn a_dry_run_refuses_what_the_real_run_refuses() {
    let db = TestDatabase::empty().await;
    Fixture::new("plain-one-and-three", db.url()).run(["migrate-up"]).await.succeeded();
    for (project, args) in [
        ("plain", vec!["migrate-up", "--env", "test"]),
        ("plain", vec!["migrate-up", "--strict"]),
        ("plain", vec!["migrate-up", "--to", "nothing"]),
        ("plain", vec!["migrate-down", "--name", "20250101_000002"]),
        ("plain", vec!["seed-up"]),
        ("plain", vec!["fresh-start", "--env", "test"]),
        ("plain-twins", vec!["migrate-up"]),
        ("plain-future", vec!["fresh-start"]),
        ("plain-two-gone", vec!["db-reset", "--yes", "--env", "production"]),
        ("plain-two-gone", vec!["db-reset", "--yes", "--database-name", "other"]),
        ("same-names", vec!["migrate-up"]),
        ("empty", vec!["migrate-down"]),
        ("empty", vec!["migrate-up", "--strict"]),
    ] {
        let fixture = Fixture::new(project, db.url());
        let dry = fixture.run([&args[..], &["--dry-run"]].concat()).await;
        let real = fixture.run(args.as_slice()).await;
        assert!(matches!(real.code, Some(1 | 2)), "{real}");
        assert_eq!((dry.code, dry.stderr), (real.code, real.stderr), "{args:?}");
    }
    let history = "SELECT version FROM seaql_migrations ORDER BY 1";
    assert_eq!(
        texts(db.connection(), history).await,
        ["m20250101_000001_rows", "m20250101_000003_three"]
    );
}
