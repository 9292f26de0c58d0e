//! Tests any number of concurrent runners: each script is applied exactly once.

use seedbed_testdb::TestDatabase;

use test_fixture::{DatabaseSnapshot, Fixture, connect, execute, text};

/// Empties the database. In every second round, creates a table, so that the runs find a database that is not empty. On an
/// empty database, their commits are asynchronous.
async fn empty_schema(db: &TestDatabase, round: usize) {
    execute(db.connection(), "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    if round % 2 == 1 {
        execute(db.connection(), "CREATE TABLE something (id int)").await;
    }
}

/// Drops the table that [`empty_schema`] may have created, and returns the state of the database.
async fn state(db: &TestDatabase) -> DatabaseSnapshot {
    execute(db.connection(), "DROP TABLE IF EXISTS something").await;
    DatabaseSnapshot::read(db.connection()).await
}

const RUNNERS: usize = 8;
const ROUNDS: usize = 5;

/// Starts all runners before it waits for any of them.
async fn run_concurrently(project: &str, url: &str, command: &str) {
    let fixture = Fixture::new(project, url);
    let runners: Vec<_> = (0..RUNNERS).map(|_| fixture.start([command])).collect();
    for runner in runners {
        runner.wait_with_output().await.succeeded().output_lacks(["warning", "error"]);
    }
}

#[tokio::test]
async fn eight_runners_apply_each_migration_once() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    for round in 0..ROUNDS {
        empty_schema(&db, round).await;
        run_concurrently("plain", db.url(), "migrate-up").await;
        assert_eq!(state(&db).await, expected, "round {round}");
    }
}

#[tokio::test]
async fn eight_runners_apply_each_seed_once() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["migrate-up", "seed-up"]).await;
    let db = TestDatabase::empty().await;
    for round in 0..ROUNDS {
        empty_schema(&db, round).await;
        Fixture::new("plain", db.url()).run(["migrate-up"]).await.succeeded();
        run_concurrently("plain", db.url(), "seed-up").await;
        assert_eq!(state(&db).await, expected, "round {round}");
    }
}

#[tokio::test]
async fn eight_runners_apply_scripts_of_every_kind_once() {
    for project in ["concurrently", "plain_as_sea_orm"] {
        let expected = DatabaseSnapshot::undisturbed(project, ["migrate-up"]).await;
        let db = TestDatabase::empty().await;
        for round in 0..ROUNDS {
            empty_schema(&db, 0).await;
            run_concurrently(project, db.url(), "migrate-up").await;
            assert_eq!(
                DatabaseSnapshot::read(db.connection()).await,
                expected,
                "{project}, round {round}"
            );
        }
    }
}

#[tokio::test]
async fn eight_concurrent_fresh_starts_create_one_database() {
    let expected = DatabaseSnapshot::undisturbed("plain", ["fresh-start"]).await;
    let other_db = TestDatabase::empty().await;
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    for round in 0..ROUNDS {
        execute(other_db.connection(), &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        run_concurrently("plain", db.url(), "fresh-start").await;
        // The connections of the test ended with the database, and are opened again.
        let connection = connect(db.url()).await;
        assert_eq!(DatabaseSnapshot::read(&connection).await, expected, "round {round}");
        connection.close().await.expect("the connection closes");
    }
}

#[tokio::test]
async fn runners_that_apply_and_revert_at_once_leave_nothing_half_done() {
    let applied = DatabaseSnapshot::undisturbed("plain", ["migrate-up"]).await;
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("plain", db.url());
    for _ in 0..3 {
        let runners: Vec<_> = (0..RUNNERS)
            .map(|runner| {
                if runner % 2 == 0 {
                    fixture.start(["migrate-up"])
                } else {
                    fixture.start(["migrate-down", "--step", "2"])
                }
            })
            .collect();
        for runner in runners {
            runner.wait_with_output().await.succeeded();
        }
    }
    fixture.run(["migrate-up"]).await.succeeded();
    let state = DatabaseSnapshot::read(db.connection()).await;
    assert_eq!(state.migrations, applied.migrations);
    assert_eq!(state.structure, applied.structure);
}
