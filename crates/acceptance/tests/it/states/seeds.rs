//! Seeds: what they need, where they run, and what goes when migrations are reverted under them.

use seedbed_testdb::TestDatabase;

use crate::support::{Fixture, text, texts};

use super::{migrated, steps};

async fn seeded(db: &TestDatabase) -> Vec<String> {
    texts(db.connection(), "SELECT version FROM seaql_seeds ORDER BY version").await
}

#[tokio::test]
async fn seeds_with_migrations_pending_are_refused() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    for args in [["seed-up", "--json"], ["seed-up", "--dry-run"], ["seed-up", "--step=1"]] {
        let refused = plain.run(args).await.ended_with(1);
        assert_eq!(
            refused.stderr,
            "error: 4 migrations are pending, and seeds need them; the first is \
             m20250101_000001_rows\n\
             hint: `make migrate-up`\n"
        );
    }
    plain.run(["migrate-up", "--step", "3"]).await.succeeded();
    plain.run(["seed-up"]).await.ended_with(1).said([
        "error: 1 migration is pending, and seeds need them; the first is m20250101_000004_four\n",
    ]);
    plain.run(["migrate-up"]).await.succeeded();
    plain.run(["seed-up"]).await.succeeded();
    plain.run(["migrate-down"]).await.succeeded();
    // Also with no seed pending: the next one would need them.
    plain.run(["seed-up"]).await.ended_with(1).said(["1 migration is pending"]);
}

#[tokio::test]
async fn reverting_a_migration_under_applied_seeds_says_so() {
    let db = migrated("plain").await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["seed-up", "--step", "1"]).await.succeeded();
    let expected = "warning: 1 applied seed may lose rows by this; `make seed-down seed-up` brings \
                    them back\n";
    assert_eq!(plain.run(["migrate-down"]).await.succeeded().stderr, expected);
    assert_eq!(plain.run(["migrate-redo"]).await.succeeded().stderr, expected);
    assert_eq!(plain.run(["migrate-down", "--dry-run"]).await.succeeded().stderr, expected);
    plain.run(["migrate-up"]).await.succeeded();
    plain.run(["seed-up"]).await.succeeded();
    let down = plain.run(["migrate-down", "--json"]).await.succeeded();
    let warning = down.json()["warnings"][0].as_str().map(str::to_owned).unwrap_or_default();
    assert!(warning.starts_with("2 applied seeds may lose rows"), "{down}");
}

#[tokio::test]
async fn each_environment_has_the_seeds_of_all_and_its_own() {
    let db = migrated("plain-environments").await;
    let fixture = Fixture::new("plain-environments", db.url());
    let test = fixture.run(["seed-up", "--env", "test"]).await.succeeded();
    assert_eq!(
        steps(&test)[..2],
        ["applied m20250101_000001_everywhere", "applied m20250101_000003_test"]
    );
    // The one of development is older than the newest of test, and not late for that.
    let development = fixture.run(["seed-up"]).await.succeeded();
    assert_eq!(steps(&development)[0], "applied m20250101_000002_development");
    assert_eq!(development.stderr, "");

    let refused = fixture.run(["seed-up", "--name", "20250101_000004"]).await.ended_with(1);
    assert_eq!(
        refused.stderr,
        "error: m20250101_000004_production runs in production only\n\
         hint: run it with env=production\n"
    );

    let status = fixture.run(["seed-status", "--exit-code"]).await.succeeded();
    status
        .printed(["m20250101_000001_everywhere", "m20250101_000002_development", "2 applied\n"])
        .never_said(["m20250101_000003_test", "m20250101_000004_production"]);

    let down = fixture.run(["seed-down", "--env", "test", "--yes"]).await.succeeded();
    assert_eq!(
        steps(&down)[..2],
        ["reverted m20250101_000003_test", "reverted m20250101_000001_everywhere"]
    );
    assert_eq!(seeded(&db).await, ["m20250101_000002_development"]);
}

#[tokio::test]
async fn reverting_all_seeds_outside_development_needs_a_yes() {
    let db = migrated("plain").await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["seed-up", "--env", "test"]).await.succeeded();
    for args in [vec!["seed-down", "--env", "test"], vec!["seed-down", "--env", "test", "--all"]] {
        let refused = plain.run(args.as_slice()).await.ended_with(2);
        assert_eq!(
            refused.stderr,
            "error: this would revert all seeds of test\n\
             hint: `--yes` if that is meant; `--step 1` reverts the newest, `--name NAME` just one\n"
        );
    }
    assert_eq!(seeded(&db).await.len(), 2);
    plain.run(["seed-down", "--env", "test", "--step", "1"]).await.succeeded();
    assert_eq!(seeded(&db).await, ["m20250101_000001_first"]);
    plain.run(["seed-down", "--env", "test", "--yes"]).await.succeeded();
    assert_eq!(seeded(&db).await, [""; 0]);
}

#[tokio::test]
async fn in_development_seed_down_reverts_all_of_them_newest_first() {
    let db = migrated("plain").await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["seed-up"]).await.succeeded();
    let redo = plain.run(["seed-redo"]).await.succeeded();
    assert_eq!(
        steps(&redo)[..2],
        ["reverted m20250101_000002_second", "applied m20250101_000002_second"]
    );
    let down = plain.run(["seed-down"]).await.succeeded();
    assert_eq!(
        steps(&down)[..2],
        ["reverted m20250101_000002_second", "reverted m20250101_000001_first"]
    );
    let rows = "SELECT count(*)::text FROM m20250101_000001_rows";
    assert_eq!(text(db.connection(), rows).await, "0");
}

#[tokio::test]
async fn an_environment_that_looks_like_a_known_one_is_refused_and_one_without_seeds_is_told() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain-environments", db.url());
    for (given, meant) in [("prodution", "production"), ("prod", "production"), ("tset", "test")] {
        for args in [["migrate-up", "--env", given], ["migrate-status", "--env", given]] {
            let refused = fixture.run(args).await.ended_with(2);
            let expected = format!(
                "error: there is no environment {given}\nhint: did you mean {meant}? A folder of seeds makes it one: \
                 src/seeds/{given}\n"
            );
            assert_eq!(refused.stderr, expected);
        }
    }
    let preview = fixture.clone().variable("APP_ENV", "preview");
    assert_eq!(preview.run(["migrate-up"]).await.succeeded().stderr, "");
    let warning = "warning: no seed is for the environment preview; there are some for development, production, test\n";
    assert_eq!(preview.run(["seed-up"]).await.succeeded().stderr, warning);
    let staging = fixture.run(["seed-up", "--env", "staging"]).await.succeeded();
    assert_eq!(staging.stderr, "");
}
