//! What an instance is cloned from.

use sea_orm::Database;
use seedbed_testdb::TestDatabase;

use crate::support::{
    NewChecksum, end, everything, forget, kill, one, project, run, runs, template_of, word, worker,
};

#[tokio::test]
async fn the_migrations_run_once_and_each_test_has_its_own_rows() {
    let project = project(&NewChecksum::new());
    let first = TestDatabase::new(&project).await;
    let other = TestDatabase::new(&project).await;
    assert_eq!(runs(&project), 1);
    run(first.connection(), "INSERT INTO things VALUES (1); CREATE TABLE mine ()").await;
    assert_eq!(one::<i64>(other.connection(), "SELECT count(*) FROM things").await, 0);
    run(other.connection(), "CREATE TABLE mine ()").await;
    let template = template_of(&first).await;
    drop((first, other));
    forget(&template).await;
}

#[tokio::test]
async fn a_later_process_uses_the_template_again_until_a_script_is_another_one() {
    let (first, second) = (NewChecksum::new(), NewChecksum::new());
    for (checksum, runs) in [(&first, "1"), (&first, "0"), (&second, "1")] {
        let mut child = worker("takes_a_database_and_waits", checksum, &[]);
        assert_eq!(word(&mut child, "runs "), runs);
        end(child);
    }
    for checksum in [first, second] {
        let template = template_of(&TestDatabase::new(&project(&checksum)).await).await;
        forget(&template).await;
    }
}

#[tokio::test]
async fn a_template_whose_builder_was_killed_is_never_used() {
    let checksum = NewChecksum::new();
    let stuck = [("TESTDB_STUCK", "1")];
    let mut builder = worker("takes_a_database_and_waits", &checksum, &stuck);
    word(&mut builder, "stuck");
    kill(builder);
    let db = TestDatabase::new(&project(&checksum)).await;
    assert_eq!(one::<i64>(db.connection(), "SELECT count(*) FROM things").await, 0);
    let applied = "SELECT count(*) FROM seaql_migrations";
    assert_eq!(one::<i64>(db.connection(), applied).await, 1, "it was built to its end");
    let template = template_of(&db).await;
    drop(db);
    forget(&template).await;
}

#[tokio::test]
async fn seeds_are_there_if_they_are_asked_for() {
    let project = everything(&NewChecksum::new());
    let (bare, seeded) =
        (TestDatabase::new(&project).await, TestDatabase::with_seeds(&project, "test").await);
    let count = "SELECT count(*) FROM shops";
    assert_eq!(one::<i64>(bare.connection(), count).await, 0);
    assert_eq!(one::<i64>(seeded.connection(), count).await, 2);
    for db in [bare, seeded] {
        let template = template_of(&db).await;
        drop(db);
        forget(&template).await;
    }
}

#[tokio::test]
async fn an_instance_has_the_settings_that_a_migration_gave_to_the_database() {
    let db = TestDatabase::new(&everything(&NewChecksum::new())).await;
    let flavour = "SELECT current_setting('app.flavour')";
    assert_eq!(one::<String>(db.connection(), flavour).await, "mint, dark");
    let second = Database::connect(db.url()).await.expect("a second session");
    assert_eq!(one::<String>(&second, flavour).await, "mint, dark");
    second.close().await.expect("it closes");
    let template = template_of(&db).await;
    drop(db);
    forget(&template).await;
}

#[test]
fn a_template_that_somebody_dropped_is_built_again() {
    let checksum = NewChecksum::new();
    // Alone in its process, so that no instance is kept for another test.
    let mut worker =
        worker("takes_a_database_before_and_after_its_template_is_dropped", &checksum, &[]);
    assert_eq!(word(&mut worker, "runs "), "2");
    end(worker);
}
