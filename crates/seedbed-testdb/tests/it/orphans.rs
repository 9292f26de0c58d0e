//! What is left behind, and what is swept.

use seedbed_testdb::TestDatabase;

use crate::support::{
    NewChecksum, admin, end, exists, forget, is_put_back, kill, name_of, one, owner_of, project,
    run, template_of, until, until_swept, word, worker,
};

async fn forget_all_of(checksum: &str) {
    let db = TestDatabase::new(&project(checksum)).await;
    let template = template_of(&db).await;
    drop(db);
    forget(&template).await;
}

#[tokio::test]
async fn a_passing_test_leaves_nothing_in_its_database() {
    let checksum = NewChecksum::new();
    let admin = admin().await;
    let mut child = worker("writes_a_row_and_waits", &checksum, &[]);
    let name = word(&mut child, "database ");
    assert!(!is_put_back(&admin, &name).await, "it is in use");
    end(child);
    assert!(is_put_back(&admin, &name).await);
    let next = TestDatabase::new(&project(&checksum)).await;
    assert_eq!(one::<i64>(next.connection(), "SELECT count(*) FROM things").await, 0);
    drop(next);
    forget_all_of(&checksum).await;
}

#[tokio::test]
async fn the_last_test_of_a_process_frees_what_others_of_it_would_have_had_next() {
    let checksum = NewChecksum::new();
    let mut child = worker("runs_many_tests_at_once", &checksum, &[("TESTDB_TESTS", "8")]);
    word(&mut child, "passed ");
    end(child);
    let next = TestDatabase::new(&project(&checksum)).await;
    let sql = format!(
        "SELECT count(*) FROM seedbed_testdb.databases WHERE template = '{}' AND name <> '{}' \
         AND (owner IS NOT NULL OR NOT ready)",
        template_of(&next).await,
        name_of(&next)
    );
    assert_eq!(one::<i64>(&admin().await, &sql).await, 0);
    drop(next);
    forget_all_of(&checksum).await;
}

#[tokio::test]
async fn what_a_killed_process_left_is_put_back_by_the_next_one_and_a_living_ones_is_not() {
    let checksum = NewChecksum::new();
    let mut living = worker("writes_a_row_and_waits", &checksum, &[]);
    let in_use = word(&mut living, "database ");
    let mut killed = worker("writes_a_row_and_waits", &checksum, &[]);
    let left = word(&mut killed, "database ");
    let admin = admin().await;
    let (living_one, killed_one) = (owner_of(&admin, &in_use).await, owner_of(&admin, &left).await);
    kill(killed);
    assert_eq!(owner_of(&admin, &left).await, killed_one, "nobody was there to put it back");
    let mut next = worker("takes_a_database_and_waits", &checksum, &[]);
    assert_eq!(word(&mut next, "rows "), "0");
    until_swept(&admin, &left, killed_one).await;
    assert_eq!(owner_of(&admin, &in_use).await, living_one);
    assert!(exists(&admin, &in_use).await);
    end(living);
    end(next);
    forget_all_of(&checksum).await;
}

#[tokio::test]
async fn a_process_whose_sessions_were_ended_from_outside_keeps_its_database() {
    let checksum = NewChecksum::new();
    let mut living = worker("writes_a_row_and_waits", &checksum, &[]);
    let in_use = word(&mut living, "database ");
    let admin = admin().await;
    let owner = owner_of(&admin, &in_use).await;
    // The key of an advisory lock stands in two columns.
    let holders = format!(
        "FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 \
         AND (classid::bigint << 32) | objid::bigint = {owner}"
    );
    let ended: i64 =
        one(&admin, &format!("SELECT count(pg_terminate_backend(pid)) {holders}")).await;
    assert!(ended > 0, "it holds the lock of its key");
    // Both of its sessions do: one alone may be that of a process that looks whether it lives.
    let both = format!("SELECT count(*) >= 2 {holders}");
    until(&admin, "without the lock that says it lives", &both).await;
    let mut next = worker("takes_a_database_and_waits", &checksum, &[]);
    assert_ne!(word(&mut next, "database "), in_use);
    assert_eq!(owner_of(&admin, &in_use).await, owner);
    end(next);
    end(living);
    forget_all_of(&checksum).await;
}

#[tokio::test]
async fn fifty_killed_processes_leave_a_server_that_the_next_run_cleans() {
    let checksum = NewChecksum::new();
    let template = template_of(&TestDatabase::new(&project(&checksum)).await).await;
    let admin = admin().await;
    for _ in 0..5 {
        let mut killed: Vec<_> =
            (0..10).map(|_| worker("writes_a_row_and_waits", &checksum, &[])).collect();
        // Some have their database, others are just about to get it.
        word(&mut killed[0], "database ");
        killed.into_iter().for_each(kill);
    }
    let mut next = worker("takes_a_database_and_waits", &checksum, &[]);
    let its = word(&mut next, "database ");
    let left = format!(
        "SELECT NOT EXISTS (SELECT FROM seedbed_testdb.databases \
         WHERE template = '{template}' AND name <> '{its}' AND NOT (ready AND owner IS NULL))"
    );
    until(&admin, "something left", &left).await;
    let unknown = "SELECT count(*) FROM pg_database WHERE datname LIKE 'seedbed\\_test\\_%' \
        AND datname NOT IN (SELECT name FROM seedbed_testdb.databases) \
        AND datname ~ '^seedbed_test_[0-9a-f]{32}$' AND datname <> 'seedbed_test_' || repeat('0', 32)";
    assert_eq!(one::<i64>(&admin, unknown).await, 0, "every one of them is written down");
    end(next);
    forget(&template).await;
}

#[tokio::test]
async fn a_failing_test_keeps_its_database_and_says_how_to_look_at_it() {
    let checksum = NewChecksum::new();
    let mut child = worker("panics", &checksum, &[]);
    let name = word(&mut child, "database ");
    let output = child.wait_with_output().expect("it ends");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("is kept for seven days: psql -h '") && said.contains(&name), "{said}");
    let admin = admin().await;
    let mut next = worker("takes_a_database_and_waits", &checksum, &[]);
    assert_ne!(word(&mut next, "database "), name);
    end(next);
    assert!(exists(&admin, &name).await, "the next run has not swept it");
    run(&admin, &format!("DROP DATABASE {name}")).await;
    forget_all_of(&checksum).await;
}

#[tokio::test]
async fn a_database_that_only_looks_like_a_leftover_is_left_alone() {
    let admin = admin().await;
    let checksum = NewChecksum::new();
    // Our form of a name, but in no record.
    let name = format!("seedbed_test_{}", "0".repeat(32));
    run(&admin, &format!("DROP DATABASE IF EXISTS {name}")).await;
    run(&admin, &format!("CREATE DATABASE {name}")).await;
    let mut killed = worker("writes_a_row_and_waits", &checksum, &[]);
    let left = word(&mut killed, "database ");
    let owner = owner_of(&admin, &left).await;
    kill(killed);
    let mut sweeper = worker("takes_a_database_and_waits", &checksum, &[]);
    word(&mut sweeper, "database ");
    until_swept(&admin, &left, owner).await;
    assert!(exists(&admin, &name).await);
    end(sweeper);
    run(&admin, &format!("DROP DATABASE {name}")).await;
    forget_all_of(&checksum).await;
}
