//! Tests that templates are built and used again.

use sea_orm::Database;
use seedbed_testdb::TestDatabase;

use crate::support::{
    UniqueChecksum, drop_template, execute, finish, full_schema_project, kill, migration_runs,
    project, query_one, read_value, spawn_worker, template_name,
};

#[tokio::test]
async fn the_migrations_run_once_and_each_test_has_its_own_rows() {
    let project = project(&UniqueChecksum::new());
    let first = TestDatabase::new(&project).await;
    let other = TestDatabase::new(&project).await;
    assert_eq!(migration_runs(&project), 1);
    execute(first.connection(), "INSERT INTO things VALUES (1); CREATE TABLE mine ()").await;
    assert_eq!(query_one::<i64>(other.connection(), "SELECT count(*) FROM things").await, 0);
    execute(other.connection(), "CREATE TABLE mine ()").await;
    let template = template_name(&first).await;
    drop((first, other));
    drop_template(&template).await;
}

#[tokio::test]
async fn a_later_process_uses_the_template_again_until_a_script_changes() {
    let (first, second) = (UniqueChecksum::new(), UniqueChecksum::new());
    for (checksum, runs) in [(&first, "1"), (&first, "0"), (&second, "1")] {
        let mut child = spawn_worker("takes_a_database_and_waits", checksum, &[]);
        assert_eq!(read_value(&mut child, "runs "), runs);
        finish(child);
    }
    for checksum in [first, second] {
        let template = template_name(&TestDatabase::new(&project(&checksum)).await).await;
        drop_template(&template).await;
    }
}

#[tokio::test]
async fn a_template_whose_builder_was_killed_is_never_used() {
    let checksum = UniqueChecksum::new();
    let blocking = [("TESTDB_BLOCK_MIGRATION", "1")];
    let mut builder = spawn_worker("takes_a_database_and_waits", &checksum, &blocking);
    read_value(&mut builder, "migration blocked");
    kill(builder);
    let db = TestDatabase::new(&project(&checksum)).await;
    assert_eq!(query_one::<i64>(db.connection(), "SELECT count(*) FROM things").await, 0);
    let applied = "SELECT count(*) FROM seaql_migrations";
    assert_eq!(query_one::<i64>(db.connection(), applied).await, 1, "the template was built again");
    let template = template_name(&db).await;
    drop(db);
    drop_template(&template).await;
}

#[tokio::test]
async fn seeds_are_applied_only_on_request() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (bare, seeded) =
        (TestDatabase::new(&project).await, TestDatabase::with_seeds(&project, "test").await);
    let count = "SELECT count(*) FROM shops";
    assert_eq!(query_one::<i64>(bare.connection(), count).await, 0);
    assert_eq!(query_one::<i64>(seeded.connection(), count).await, 2);
    for db in [bare, seeded] {
        let template = template_name(&db).await;
        drop(db);
        drop_template(&template).await;
    }
}

#[tokio::test]
async fn an_instance_has_the_settings_that_a_migration_gave_to_the_database() {
    let db = TestDatabase::new(&full_schema_project(&UniqueChecksum::new())).await;
    let flavor = "SELECT current_setting('app.flavor')";
    assert_eq!(query_one::<String>(db.connection(), flavor).await, "mint, dark");
    let second = Database::connect(db.url()).await.expect("a second session");
    assert_eq!(query_one::<String>(&second, flavor).await, "mint, dark");
    second.close().await.expect("the connection closes");
    let template = template_name(&db).await;
    drop(db);
    drop_template(&template).await;
}

#[test]
fn a_template_that_was_dropped_is_built_again() {
    let checksum = UniqueChecksum::new();
    // A separate process has no warm instance that it could use instead.
    let mut worker =
        spawn_worker("takes_a_database_before_and_after_its_template_is_dropped", &checksum, &[]);
    assert_eq!(read_value(&mut worker, "runs "), "2");
    finish(worker);
}
