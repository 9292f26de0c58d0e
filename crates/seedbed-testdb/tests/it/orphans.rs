//! Tests the databases that ended and killed processes leave behind, and how the reaper handles them.

use seedbed_testdb::TestDatabase;

use crate::support::{
    UniqueChecksum, admin_connection, database_exists, database_name, drop_template, execute,
    finish, is_reset, kill, project, query_one, read_owner, read_value, spawn_worker,
    template_name, wait_until, wait_until_reaped,
};

async fn drop_template_of(checksum: &str) {
    let db = TestDatabase::new(&project(checksum)).await;
    let template = template_name(&db).await;
    drop(db);
    drop_template(&template).await;
}

#[tokio::test]
async fn a_passing_test_leaves_no_rows_in_its_database() {
    let checksum = UniqueChecksum::new();
    let admin = admin_connection().await;
    let mut child = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
    let name = read_value(&mut child, "database ");
    assert!(!is_reset(&admin, &name).await, "it is in use");
    finish(child);
    assert!(is_reset(&admin, &name).await);
    let next = TestDatabase::new(&project(&checksum)).await;
    assert_eq!(query_one::<i64>(next.connection(), "SELECT count(*) FROM things").await, 0);
    drop(next);
    drop_template_of(&checksum).await;
}

#[tokio::test]
async fn the_last_test_of_a_process_frees_all_reserved_instances() {
    let checksum = UniqueChecksum::new();
    let mut child = spawn_worker("runs_many_tests_at_once", &checksum, &[("TESTDB_TESTS", "8")]);
    read_value(&mut child, "passed ");
    finish(child);
    let next = TestDatabase::new(&project(&checksum)).await;
    let sql = format!(
        "SELECT count(*) FROM seedbed_testdb.databases WHERE template = '{}' AND name <> '{}' \
         AND (owner IS NOT NULL OR NOT ready)",
        template_name(&next).await,
        database_name(&next)
    );
    assert_eq!(query_one::<i64>(&admin_connection().await, &sql).await, 0);
    drop(next);
    drop_template_of(&checksum).await;
}

#[tokio::test]
async fn the_next_process_resets_the_database_of_a_killed_process_but_not_of_a_living_one() {
    let checksum = UniqueChecksum::new();
    let mut living = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
    let in_use = read_value(&mut living, "database ");
    let mut killed = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
    let left = read_value(&mut killed, "database ");
    let admin = admin_connection().await;
    let (living_owner, killed_owner) =
        (read_owner(&admin, &in_use).await, read_owner(&admin, &left).await);
    kill(killed);
    assert_eq!(read_owner(&admin, &left).await, killed_owner, "no process has reset it yet");
    let mut next = spawn_worker("takes_a_database_and_waits", &checksum, &[]);
    assert_eq!(read_value(&mut next, "rows "), "0");
    wait_until_reaped(&admin, &left, killed_owner).await;
    assert_eq!(read_owner(&admin, &in_use).await, living_owner);
    assert!(database_exists(&admin, &in_use).await);
    finish(living);
    finish(next);
    drop_template_of(&checksum).await;
}

#[tokio::test]
async fn a_process_whose_sessions_were_terminated_keeps_its_database() {
    let checksum = UniqueChecksum::new();
    let mut living = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
    let in_use = read_value(&mut living, "database ");
    let admin = admin_connection().await;
    let owner = read_owner(&admin, &in_use).await;
    // `pg_locks` shows the key of an advisory lock in two columns.
    let holders = format!(
        "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
         AND (classid::bigint << 32) | objid::bigint = {owner}"
    );
    let ended: i64 =
        query_one(&admin, &format!("SELECT count(pg_terminate_backend(pid)) {holders}")).await;
    assert!(ended > 0, "the process holds its liveness lock");
    // Both sessions of the process hold the lock. A single holder could be a process that checks whether the owner
    // lives.
    let both = format!("SELECT count(*) >= 2 {holders}");
    wait_until(&admin, "without its liveness lock", &both).await;
    let mut next = spawn_worker("takes_a_database_and_waits", &checksum, &[]);
    assert_ne!(read_value(&mut next, "database "), in_use);
    assert_eq!(read_owner(&admin, &in_use).await, owner);
    finish(next);
    finish(living);
    drop_template_of(&checksum).await;
}

#[tokio::test]
async fn the_next_run_cleans_up_after_fifty_killed_processes() {
    let checksum = UniqueChecksum::new();
    let template = template_name(&TestDatabase::new(&project(&checksum)).await).await;
    let admin = admin_connection().await;
    for _ in 0..5 {
        let mut killed: Vec<_> =
            (0..10).map(|_| spawn_worker("writes_a_row_and_waits", &checksum, &[])).collect();
        // Some of the workers have a database, and others are about to get one.
        read_value(&mut killed[0], "database ");
        killed.into_iter().for_each(kill);
    }
    let mut next = spawn_worker("takes_a_database_and_waits", &checksum, &[]);
    let next_name = read_value(&mut next, "database ");
    let left = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE template = '{template}' AND name <> '{next_name}' AND NOT (ready AND owner IS NULL))"
    );
    wait_until(&admin, "an orphan left", &left).await;
    let unknown = "SELECT count(*) FROM pg_database WHERE datname LIKE 'seedbed\\_test\\_%' \
        AND datname NOT IN (SELECT name FROM seedbed_testdb.databases) \
        AND datname ~ '^seedbed_test_[0-9a-f]{32}$' AND datname <> 'seedbed_test_' || repeat('0', 32)";
    assert_eq!(query_one::<i64>(&admin, unknown).await, 0, "the registry lists every database");
    finish(next);
    drop_template(&template).await;
}

#[tokio::test]
async fn a_failing_test_keeps_its_database_and_prints_the_command_that_opens_it() {
    let checksum = UniqueChecksum::new();
    let mut child = spawn_worker("panics", &checksum, &[]);
    let name = read_value(&mut child, "database ");
    let output = child.wait_with_output().expect("the child ends");
    assert!(!output.status.success());
    let output = String::from_utf8_lossy(&output.stderr);
    let command = output.lines().find(|line| line.contains("psql -h '"));
    assert!(command.is_some_and(|line| line.contains(&name)), "{output}");
    let admin = admin_connection().await;
    let mut next = spawn_worker("takes_a_database_and_waits", &checksum, &[]);
    assert_ne!(read_value(&mut next, "database "), name);
    finish(next);
    assert!(database_exists(&admin, &name).await, "the next run keeps it");
    execute(&admin, &format!("DROP DATABASE {name}")).await;
    drop_template_of(&checksum).await;
}

#[tokio::test]
async fn a_database_that_only_has_the_name_of_an_orphan_is_kept() {
    let admin = admin_connection().await;
    let checksum = UniqueChecksum::new();
    // The name has the form that this crate generates, but the registry does not list it.
    let name = format!("seedbed_test_{}", "0".repeat(32));
    execute(&admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
    execute(&admin, &format!("CREATE DATABASE {name}")).await;
    let mut killed = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
    let left = read_value(&mut killed, "database ");
    let owner = read_owner(&admin, &left).await;
    kill(killed);
    let mut reaping = spawn_worker("takes_a_database_and_waits", &checksum, &[]);
    read_value(&mut reaping, "database ");
    wait_until_reaped(&admin, &left, owner).await;
    assert!(database_exists(&admin, &name).await);
    finish(reaping);
    execute(&admin, &format!("DROP DATABASE {name}")).await;
    drop_template_of(&checksum).await;
}
