//! Tests seeds: what they require, in which environments they run, and the effect of reverted migrations on them.

use seedbed_testdb::TestDatabase;

use test_fixture::{
    Fixture, InlineScript, execute, migrated_database, printed_steps, sql, text, texts,
};
use test_support::{assert_snapshot, snapshot};

/// Returns the names of the applied seeds.
async fn seeded(db: &TestDatabase) -> Vec<String> {
    texts(db.connection(), "SELECT version FROM seaql_seeds ORDER BY version").await
}

#[tokio::test]
async fn seeds_with_migrations_pending_are_refused() {
    let db = TestDatabase::empty().await;
    let plain = Fixture::new("plain", db.url());
    for args in [["seed-up", "--json"], ["seed-up", "--dry-run"], ["seed-up", "--step=1"]] {
        let refused = plain.run(args).await.exited_with(1);
        assert_snapshot!("seeds_with_migrations_pending_are_refused_2", refused.stderr);
    }
    plain.run(["migrate-up", "--step", "3"]).await.succeeded();
    plain
        .run(["seed-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("seeds_with_migrations_pending_are_refused"));
    plain.run(["migrate-up"]).await.succeeded();
    plain.run(["seed-up"]).await.succeeded();
    plain.run(["migrate-down"]).await.succeeded();
    // This also fails if no seed is pending, because the next seed would need the migrations.
    plain.run(["seed-up"]).await.exited_with(1).stderr_contains(["1 migration is pending"]);
}

const TABLE: &str = "m20250101_000001_table";
const OTHER: &str = "m20250101_000002_other";
const SEED: &str = "m20250101_000011_roles";
const OTHER_SEED: &str = "m20250101_000012_other";

/// Returns two migrations that create a table each, and two seeds that insert a row into one of the tables each.
fn two_tables() -> [InlineScript; 4] {
    let row = |table: &str| format!("INSERT INTO {table} VALUES (1) ON CONFLICT DO NOTHING");
    [
        sql(TABLE, ["CREATE TABLE roles (id int PRIMARY KEY)"]).down(["DROP TABLE roles"]),
        sql(OTHER, ["CREATE TABLE other (id int PRIMARY KEY)"]).down(["DROP TABLE other"]),
        sql(SEED, [row("roles").as_str()]).down(["DELETE FROM roles"]).seed(),
        sql(OTHER_SEED, [row("other").as_str()]).down(["DELETE FROM other"]).seed(),
    ]
}

#[tokio::test]
async fn seeds_whose_tables_were_dropped_are_pending_again() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), two_tables());
    fixture.run(["fresh-start"]).await.succeeded();
    let down = fixture.run(["migrate-down"]).await.succeeded();
    let why = format!("its rows were dropped with `public.other` when `{OTHER}` was reverted");
    down.stderr_matches(snapshot!("seeds_whose_tables_were_dropped_are_pending_again"));
    assert_eq!(seeded(&db).await, [SEED]);
    for command in ["seed-status", "migrate-status"] {
        let warning = format!("warning: the seed `{OTHER_SEED}` is pending again: {why}");
        fixture.run([command]).await.succeeded().stderr_contains([&warning]);
    }
    let status = fixture.run(["seed-status", "--json"]).await.succeeded().json();
    assert_eq!(status["scripts"][1]["state"], "pending");
    assert_eq!(status["scripts"][1]["reason"], why.as_str());

    fixture.run(["migrate-down", "--all"]).await.succeeded();
    assert_eq!(seeded(&db).await, [""; 0]);
    fixture.run(["seed-down"]).await.succeeded().stdout_contains(["nothing to do"]);

    let again = fixture.run(["fresh-start"]).await.succeeded();
    again.stdout_contains(["2 migrations applied, 2 seeds applied"]).output_lacks(["warning"]);
    let rows = "SELECT concat((SELECT count(*) FROM roles), ' ', (SELECT count(*) FROM other))";
    assert_eq!(text(db.connection(), rows).await, "1 1");
    fixture.run(["seed-status"]).await.succeeded().output_lacks(["pending again"]);
}

#[tokio::test]
async fn a_seed_is_associated_with_its_tables_even_if_it_inserts_no_row() {
    let db = TestDatabase::empty().await;
    // The rows already exist, so the seed inserts none.
    let fixture = Fixture::with_scripts(db.url(), two_tables());
    fixture.run(["migrate-up"]).await.succeeded();
    execute(db.connection(), "INSERT INTO roles VALUES (1)").await;
    fixture.run(["seed-up"]).await.succeeded();
    // This is the state after a dump and its restoration: the table has another OID and the same name.
    let restored =
        "CREATE TABLE copy AS TABLE roles; DROP TABLE roles; ALTER TABLE copy RENAME TO roles";
    execute(db.connection(), restored).await;
    fixture.run(["migrate-down", "--all"]).await.succeeded();
    assert_eq!(seeded(&db).await, [""; 0]);
}

#[tokio::test]
async fn a_migration_that_recreates_a_table_while_it_is_reverted_loses_the_rows_too() {
    for recreates in [
        sql(OTHER, ["SELECT 1"])
            .down(["DROP TABLE roles", "CREATE TABLE roles (id int PRIMARY KEY)"]),
        sql(OTHER, ["SELECT 1"])
            .down(["DROP TABLE roles", "CREATE TABLE roles (id int PRIMARY KEY)"])
            .no_transaction(),
        sql(OTHER, ["SELECT 1"])
            .down(["DROP TABLE roles", "CREATE TABLE roles (id int PRIMARY KEY)"])
            .sea_orm(),
    ] {
        let db = TestDatabase::empty().await;
        let [table, _, seed, _] = two_tables();
        let fixture = Fixture::with_scripts(db.url(), [table, recreates, seed]);
        fixture.run(["fresh-start"]).await.succeeded();
        fixture.run(["migrate-down"]).await.succeeded().stderr_contains(["is pending again"]);
        fixture.run(["fresh-start"]).await.succeeded();
        assert_eq!(text(db.connection(), "SELECT count(*)::text FROM roles").await, "1");
    }
}

#[tokio::test]
async fn a_redo_of_a_changed_script_causes_no_warning() {
    let db = TestDatabase::empty().await;
    let [table, other, seed, _] = two_tables();
    Fixture::with_scripts(db.url(), [table.clone(), other.clone(), seed.clone()])
        .run(["fresh-start"])
        .await
        .succeeded();
    // The file of the second migration has changed, and the redo applies its current version.
    let fixture = Fixture::with_scripts(db.url(), [table, other.changed(), seed]);
    let redo = fixture.run(["migrate-redo"]).await.succeeded();
    assert_eq!(redo.stderr, "");
    assert_eq!(seeded(&db).await, [SEED]);
}

#[tokio::test]
async fn seeds_of_an_older_log_are_reported_only_if_a_table_was_dropped() {
    let db = TestDatabase::empty().await;
    let [table, other, seed, _] = two_tables();
    let index =
        sql("m20250101_000003_index", ["CREATE INDEX i ON roles (id)"]).down(["DROP INDEX i"]);
    let fixture = Fixture::with_scripts(db.url(), [table, other, index, seed]);
    fixture.run(["fresh-start"]).await.succeeded();
    // The log of earlier versions of Seedbed does not store which tables a seed filled.
    execute(db.connection(), "ALTER TABLE seedbed_log DROP COLUMN details").await;
    // The revert of the index drops no table. The revert after that drops the table `other`.
    assert_eq!(fixture.run(["migrate-down"]).await.succeeded().stderr, "");
    fixture
        .run(["migrate-down"])
        .await
        .succeeded()
        .stderr_matches(snapshot!("seeds_of_an_older_log_are_reported_only_if_a_table_is_missing"));
    fixture.run(["migrate-up"]).await.succeeded();
    let redo = fixture.run(["seed-redo", "--name", SEED]).await.succeeded();
    assert_eq!(printed_steps(&redo)[..2], [format!("reverted {SEED}"), format!("applied {SEED}")]);
}

#[tokio::test]
async fn each_environment_has_its_own_and_the_shared_seeds() {
    let db = migrated_database("plain-environments").await;
    let fixture = Fixture::new("plain-environments", db.url());
    let test = fixture.run(["seed-up", "--env", "test"]).await.succeeded();
    assert_eq!(
        printed_steps(&test)[..2],
        ["applied m20250101_000001_everywhere", "applied m20250101_000003_test"]
    );
    // The seed of development is older than the newest seed of test, and is not out of order because of that.
    let development = fixture.run(["seed-up"]).await.succeeded();
    assert_eq!(printed_steps(&development)[0], "applied m20250101_000002_development");
    assert_eq!(development.stderr, "");

    let refused = fixture.run(["seed-up", "--name", "20250101_000004"]).await.exited_with(1);
    assert_snapshot!("each_environment_has_its_own_and_the_shared_seeds", refused.stderr);

    let status = fixture.run(["seed-status", "--exit-code"]).await.succeeded();
    status
        .stdout_contains([
            "m20250101_000001_everywhere",
            "m20250101_000002_development",
            "2 applied\n",
        ])
        .output_lacks(["m20250101_000003_test", "m20250101_000004_production"]);

    let down = fixture.run(["seed-down", "--env", "test", "--yes"]).await.succeeded();
    assert_eq!(
        printed_steps(&down)[..2],
        ["reverted m20250101_000003_test", "reverted m20250101_000001_everywhere"]
    );
    assert_eq!(seeded(&db).await, ["m20250101_000002_development"]);
}

#[tokio::test]
async fn reverting_all_seeds_outside_of_development_requires_yes() {
    let db = migrated_database("plain").await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["seed-up", "--env", "test"]).await.succeeded();
    for args in [vec!["seed-down", "--env", "test"], vec!["seed-down", "--env", "test", "--all"]] {
        let refused = plain.run(args.as_slice()).await.exited_with(2);
        assert_snapshot!("reverting_all_seeds_outside_of_development_requires_yes", refused.stderr);
    }
    assert_eq!(seeded(&db).await.len(), 2);
    plain.run(["seed-down", "--env", "test", "--step", "1"]).await.succeeded();
    assert_eq!(seeded(&db).await, ["m20250101_000001_first"]);
    plain.run(["seed-down", "--env", "test", "--yes"]).await.succeeded();
    assert_eq!(seeded(&db).await, [""; 0]);
}

#[tokio::test]
async fn in_development_seed_down_reverts_all_seeds_newest_first() {
    let db = migrated_database("plain").await;
    let plain = Fixture::new("plain", db.url());
    plain.run(["seed-up"]).await.succeeded();
    let redo = plain.run(["seed-redo"]).await.succeeded();
    assert_eq!(
        printed_steps(&redo)[..2],
        ["reverted m20250101_000002_second", "applied m20250101_000002_second"]
    );
    let down = plain.run(["seed-down"]).await.succeeded();
    assert_eq!(
        printed_steps(&down)[..2],
        ["reverted m20250101_000002_second", "reverted m20250101_000001_first"]
    );
    let rows = "SELECT count(*)::text FROM m20250101_000001_rows";
    assert_eq!(text(db.connection(), rows).await, "0");
}

#[tokio::test]
async fn a_misspelled_environment_is_refused_and_one_without_seeds_is_a_warning() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain-environments", db.url());
    for (given, meant) in [("prodution", "production"), ("prod", "production"), ("tset", "test")] {
        for args in [["migrate-up", "--env", given], ["migrate-status", "--env", given]] {
            let refused = fixture.run(args).await.exited_with(2);
            let expected = format!(
                "error: there is no environment `{given}`\nhint: did you mean `{meant}`? To make `{given}` a new \
                 environment, create the folder `src/seeds/{given}`\n"
            );
            assert_eq!(refused.stderr, expected);
        }
    }
    let preview = fixture.clone().variable("APP_ENV", "preview");
    assert_eq!(preview.run(["migrate-up"]).await.succeeded().stderr, "");
    let warning = "warning: no seed is for the environment `preview`; environments with seeds: development, production, test\n";
    assert_eq!(preview.run(["seed-up"]).await.succeeded().stderr, warning);
    let staging = fixture.run(["seed-up", "--env", "staging"]).await.succeeded();
    assert_eq!(staging.stderr, "");
}

#[tokio::test]
async fn a_renamed_table_keeps_the_rows_of_its_seed() {
    const RENAME: &str = "m20250101_000002_rename";
    let rename = || sql(RENAME, ["ALTER TABLE roles RENAME TO positions"]);
    let back = "ALTER TABLE positions RENAME TO roles";
    for rename in [
        rename().down([back]),
        rename().down([back]).no_transaction(),
        rename().down([back]).sea_orm(),
    ] {
        let db = TestDatabase::empty().await;
        let [table, ..] = two_tables();
        let seed = sql(SEED, ["INSERT INTO positions VALUES (1)"]).down(["SELECT 1"]).seed();
        let fixture = Fixture::with_scripts(db.url(), [table, rename, seed]);
        fixture.run(["fresh-start"]).await.succeeded();
        assert_eq!(fixture.run(["migrate-down"]).await.succeeded().stderr, "");
        assert_eq!(seeded(&db).await, [SEED]);
        assert_eq!(text(db.connection(), "SELECT count(*)::text FROM roles").await, "1");
        // The table is known under its new name, so the seed is pending again when it is dropped.
        let why = format!("its rows were dropped with `public.roles` when `{TABLE}` was reverted");
        fixture.run(["migrate-down"]).await.succeeded().stderr_contains([&why]);
        fixture.run(["fresh-start"]).await.succeeded();
        assert_eq!(text(db.connection(), "SELECT count(*)::text FROM positions").await, "1");
    }
}

#[tokio::test]
async fn a_revert_that_creates_a_dropped_table_again_without_rows_makes_its_seed_pending() {
    const DROP: &str = "m20250101_000021_drop";
    let create = "CREATE TABLE roles (id int PRIMARY KEY)";
    for (down, warning) in [
        (
            vec![create],
            "pending again: the revert of `m20250101_000021_drop` created `public.roles` again",
        ),
        (vec![create, "INSERT INTO roles VALUES (1)"], ""),
    ] {
        let db = TestDatabase::empty().await;
        let [table, _, seed, _] = two_tables();
        Fixture::with_scripts(db.url(), [table.clone(), seed.clone()])
            .run(["fresh-start"])
            .await
            .succeeded();
        let drop = sql(DROP, ["DROP TABLE roles"]).down(down);
        let fixture = Fixture::with_scripts(db.url(), [table.clone(), drop, seed.clone()]);
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(seeded(&db).await, [SEED]);
        let down = fixture.run(["migrate-down"]).await.succeeded();
        assert_eq!(down.stderr.is_empty(), warning.is_empty(), "{down}");
        down.stderr_contains([warning]);
        Fixture::with_scripts(db.url(), [table, seed]).run(["seed-up"]).await.succeeded();
        assert_eq!(text(db.connection(), "SELECT count(*)::text FROM roles").await, "1");
    }
}

#[tokio::test]
async fn no_command_is_suggested_for_a_lost_seed_whose_file_is_missing() {
    let db = TestDatabase::empty().await;
    let [table, other, seed, _] = two_tables();
    let fixture = Fixture::with_scripts(db.url(), [table.clone(), other.clone(), seed]);
    fixture.run(["fresh-start"]).await.succeeded();
    let without = Fixture::with_scripts(db.url(), [table, other]);
    let down = without.run(["migrate-down", "--all"]).await.succeeded();
    down.stderr_contains(["was reverted; its file is missing\n"]).output_lacks(["seed-up"]);
}

#[tokio::test]
async fn a_table_in_a_schema_without_access_does_not_stop_a_revert() {
    let server = test_support::TestServer::start("");
    let superuser = sea_orm::Database::connect(server.url("postgres")).await.expect("a server");
    execute(&superuser, "CREATE ROLE app LOGIN CREATEDB").await;
    let [table, other, seed, _] = two_tables();
    let url = server.url("app").replace("postgres@", "app@");
    let fixture = Fixture::with_scripts(&url, [table, other, seed]);
    execute(&superuser, "CREATE DATABASE app OWNER app").await;
    fixture.run(["migrate-up"]).await.succeeded();
    let database = sea_orm::Database::connect(server.url("app")).await.expect("the database");
    for setup in [
        "CREATE SCHEMA secret",
        "CREATE TABLE secret.audit (id int)",
        "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
         'BEGIN INSERT INTO secret.audit VALUES (1); RETURN NULL; END'",
        "CREATE TRIGGER audit AFTER INSERT ON roles FOR EACH ROW EXECUTE FUNCTION audit()",
    ] {
        execute(&database, setup).await;
    }
    fixture.run(["seed-up"]).await.succeeded();
    fixture.run(["migrate-down"]).await.succeeded();
}
