//! Tests statements that work in several transactions: a script is applied only if the objects that it creates exist.

use sea_orm::TransactionTrait as _;
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, InlineScript, LONG_LOCK_TIMEOUT, execute, sql, text, wait_until};
use test_support::snapshot;

pub(crate) const TABLE: &str = "m20250101_000001_table";
pub(crate) const INDEX: &str = "m20250101_000002_index";
const CREATE: &str = "CREATE INDEX CONCURRENTLY t_x ON t (x)";
const CREATE_IF_MISSING: &str = "CREATE INDEX CONCURRENTLY IF NOT EXISTS t_x ON t (x)";

fn table() -> InlineScript {
    sql(
        TABLE,
        ["CREATE TABLE t (x int, y int)", "INSERT INTO t SELECT n, n FROM generate_series(1, 9) n"],
    )
}

/// Terminates the session of the runner in the server, and waits until it is gone.
async fn kill(db: &TestDatabase) {
    let sessions = "FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name LIKE 'seedbed migrate%'";
    execute(db.connection(), &format!("SELECT pg_terminate_backend(pid) {sessions}")).await;
    wait_until(db.connection(), &format!("NOT EXISTS (SELECT {sessions})")).await;
}

/// Returns the condition that the session of a runner waits for the server process `pid`. Other waits are brief: a
/// concurrent statement also waits for the snapshots of the queries of this test.
fn waits_for(pid: &str) -> String {
    format!(
        "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = 'seedbed migrate-up' AND {pid} = ANY (pg_blocking_pids(pid)))"
    )
}

/// Applies the first migration, and then does what [`kill_while_it_waits`] does.
pub(crate) async fn apply_first_and_kill_second(
    db: &TestDatabase,
    fixture: &Fixture,
    blocks: &str,
) {
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    kill_while_it_waits(db, fixture, blocks).await;
}

/// Starts the pending migrations while a transaction of the test blocks them with the statement `blocks`. Terminates the
/// session of the runner while it waits, and then ends the transaction.
pub(crate) async fn kill_while_it_waits(db: &TestDatabase, fixture: &Fixture, blocks: &str) {
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, blocks).await;
    let pid = text(&transaction, "SELECT pg_backend_pid()::text").await;
    let run = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
    wait_until(db.connection(), &waits_for(&pid)).await;
    kill(db).await;
    run.wait_with_output().await.exited_with(1);
    transaction.commit().await.expect("the transaction ends");
}

/// Returns whether the index is valid, as `true` or `false`, or returns `missing`.
async fn is_valid(db: &TestDatabase, index: &str) -> String {
    let sql =
        "SELECT coalesce((SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass";
    text(db.connection(), &format!("{sql}('{index}')), 'missing')")).await
}

#[tokio::test]
async fn a_concurrent_build_has_no_lock_timeout_in_either_format() {
    let commented =
        "/* why /* nested */ this */ CREATE INDEX CONCURRENTLY IF NOT EXISTS t_x ON t (x)";
    for script in [
        sql(INDEX, [CREATE_IF_MISSING]).no_transaction().sea_orm(),
        sql(INDEX, [commented]).no_transaction(),
        sql(INDEX, [CREATE_IF_MISSING]).no_transaction(),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [table(), script]);
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        let transaction = db.connection().begin().await.expect("a transaction");
        let reads = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM t";
        execute(&transaction, reads).await;
        let run =
            fixture.start(["migrate-up", "--lock-timeout", "50ms", "--lock-retry-for", "1ms"]);
        // The build takes much longer than the lock timeout.
        let builds = "EXISTS (SELECT FROM pg_stat_progress_create_index WHERE phase ~ '^waiting' \
                      AND datname = current_database())";
        wait_until(db.connection(), builds).await;
        let waited = "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid' \
                      AND clock_timestamp() - waitstart > interval '500 ms')";
        wait_until(db.connection(), waited).await;
        transaction.commit().await.expect("the transaction ends");
        run.wait_with_output().await.succeeded().output_lacks(["did not get its lock"]);
        assert_eq!(is_valid(&db, "t_x").await, "true");
    }
}

#[tokio::test]
async fn an_index_of_a_killed_build_is_rebuilt_in_either_format() {
    for script in [
        sql(INDEX, [CREATE]).no_transaction(),
        sql(INDEX, [CREATE_IF_MISSING]).no_transaction(),
        sql(INDEX, [CREATE_IF_MISSING]).no_transaction().sea_orm(),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [table(), script]);
        apply_first_and_kill_second(&db, &fixture, "INSERT INTO t VALUES (10, 10)").await;
        assert_eq!(is_valid(&db, "t_x").await, "false");
        fixture
            .run(["migrate-up"])
            .await
            .succeeded()
            .stderr_contains(["dropped the index `public.t_x"]);
        assert_eq!(is_valid(&db, "t_x").await, "true");
        fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    }
}

#[tokio::test]
async fn an_index_that_another_session_created_is_an_error_even_after_a_kill() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [table(), sql(INDEX, [CREATE]).no_transaction()]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    execute(db.connection(), "CREATE INDEX t_x ON t (y)").await;
    for _ in 0..2 {
        let run = fixture.run(["migrate-up"]).await.exited_with(1);
        run.error_matches(snapshot!(
            "an_index_that_another_session_created_is_an_error_even_after_a_kill"
        ));
    }
    let definition = text(db.connection(), "SELECT pg_get_indexdef('t_x'::regclass)").await;
    assert!(definition.ends_with("(y)"), "{definition}");
}

#[tokio::test]
async fn if_not_exists_does_not_accept_an_invalid_index() {
    let script = sql(INDEX, [CREATE_IF_MISSING]).no_transaction();
    for (script, is_sea_orm) in [(script.clone(), false), (script.sea_orm(), true)] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [table(), script]);
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        execute(db.connection(), "CREATE INDEX t_x ON t (x)").await;
        let invalid = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_x'::regclass";
        execute(db.connection(), invalid).await;
        let run = fixture.run(["migrate-up"]).await;
        if is_sea_orm {
            // The engine does not see the statements of a SeaORM file, and the index was invalid before, so it does not
            // count as left by the file.
            run.succeeded().stdout_contains([INDEX]);
        } else {
            run.exited_with(1)
                .stderr_matches(snapshot!("if_not_exists_does_not_accept_an_invalid_index"));
        }
    }
}

#[tokio::test]
async fn two_indexes_with_the_same_name_are_an_error_in_each_run() {
    let db = TestDatabase::empty().await;
    let twice = [CREATE, "CREATE INDEX CONCURRENTLY t_x ON t (y)"];
    let fixture = Fixture::with_scripts(db.url(), [table(), sql(INDEX, twice).no_transaction()]);
    for _ in 0..3 {
        let run = fixture.run(["migrate-up"]).await.exited_with(1);
        run.error_matches(snapshot!("two_indexes_with_the_same_name_are_an_error_in_each_run"));
        let definition = text(db.connection(), "SELECT pg_get_indexdef('t_x'::regclass)").await;
        assert!(definition.ends_with("(x)"), "{definition}");
    }
}

#[tokio::test]
async fn an_index_of_an_earlier_definition_of_the_script_is_built_again() {
    let db = TestDatabase::empty().await;
    let fails = [CREATE, "SELECT 1 / 0"];
    let fixture = Fixture::with_scripts(db.url(), [table(), sql(INDEX, fails).no_transaction()]);
    fixture.run(["migrate-up"]).await.exited_with(1);
    let corrected = sql(INDEX, ["CREATE INDEX CONCURRENTLY t_x ON t (y DESC) WHERE x > 1"]);
    let fixture = Fixture::with_scripts(db.url(), [table(), corrected.no_transaction().changed()]);
    fixture.run(["migrate-up"]).await.succeeded();
    let definition = text(db.connection(), "SELECT pg_get_indexdef('t_x'::regclass)").await;
    assert!(definition.ends_with("(y DESC) WHERE (x > 1)"), "{definition}");
}

#[tokio::test]
async fn leftovers_of_a_killed_reindex_are_removed_before_it_runs_again() {
    // The copy of the index of the TOAST table is in the schema `pg_toast`.
    let indexes = "SELECT format('%s indexes, %s valid', count(*), count(*) FILTER (WHERE i.indisvalid)) FROM pg_index i \
                   JOIN pg_class t ON t.oid = 't'::regclass WHERE i.indrelid IN (t.oid, t.reltoastrelid)";
    for (reindex, interrupted) in [
        ("REINDEX INDEX CONCURRENTLY t_pkey", "3 indexes, 2 valid"),
        ("REINDEX TABLE CONCURRENTLY t", "4 indexes, 2 valid"),
        ("REINDEX SCHEMA CONCURRENTLY public", "4 indexes, 2 valid"),
    ] {
        let db = TestDatabase::empty().await;
        let table = sql(TABLE, ["CREATE TABLE t (x int PRIMARY KEY, y text)"]);
        let fixture =
            Fixture::with_scripts(db.url(), [table, sql(INDEX, [reindex]).no_transaction()]);
        apply_first_and_kill_second(&db, &fixture, "INSERT INTO t VALUES (10)").await;
        assert_eq!(text(db.connection(), indexes).await, interrupted, "{reindex}");
        fixture.run(["migrate-up"]).await.succeeded().output_lacks(["skipping"]);
        assert_eq!(text(db.connection(), indexes).await, "2 indexes, 2 valid", "{reindex}");
    }
}

#[tokio::test]
async fn leftovers_of_a_killed_reindex_of_a_partitioned_table_are_removed() {
    let indexes = "SELECT format('%s indexes, %s valid', count(*), count(*) FILTER (WHERE i.indisvalid)) FROM pg_index i \
                   JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class p ON p.oid = 'part'::regclass \
                   WHERE i.indrelid IN (p.oid, p.reltoastrelid)";
    for (reindex, interrupted) in [
        ("REINDEX TABLE CONCURRENTLY t", "4 indexes, 2 valid"),
        ("REINDEX INDEX CONCURRENTLY t_pkey", "3 indexes, 2 valid"),
    ] {
        let db = TestDatabase::empty().await;
        let table = sql(
            TABLE,
            [
                "CREATE TABLE t (x int PRIMARY KEY, y text) PARTITION BY RANGE (x)",
                "CREATE TABLE part PARTITION OF t FOR VALUES FROM (0) TO (100)",
            ],
        );
        let fixture =
            Fixture::with_scripts(db.url(), [table, sql(INDEX, [reindex]).no_transaction()]);
        // REINDEX waits for the old snapshot of the cursor after it has built the copies. An insert would block it before.
        let open_cursor = "DECLARE c CURSOR FOR SELECT FROM pg_class";
        apply_first_and_kill_second(&db, &fixture, open_cursor).await;
        assert_eq!(text(db.connection(), indexes).await, interrupted, "{reindex}");
        fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(text(db.connection(), indexes).await, "2 indexes, 2 valid", "{reindex}");
    }
}

#[tokio::test]
async fn a_killed_concurrent_drop_of_an_index_is_finished_once() {
    let table = sql(TABLE, ["CREATE TABLE t (x int)", "CREATE INDEX t_x ON t (x)"]);
    let drop = |rest: &str| sql(INDEX, ["DROP INDEX CONCURRENTLY t_x", rest]).no_transaction();
    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [table.clone(), drop("SELECT 1")]);
    apply_first_and_kill_second(&db, &fixture, "INSERT INTO t VALUES (10)").await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(is_valid(&db, "t_x").await, "missing");

    let db = TestDatabase::empty().await;
    let fixture = Fixture::with_scripts(db.url(), [table.clone(), drop("SELECT 1 / 0")]);
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_contains(["division by zero"]);
    let fixture = Fixture::with_scripts(db.url(), [table, drop("SELECT 1").changed()]);
    fixture.run(["migrate-up"]).await.succeeded();
}

#[tokio::test]
async fn a_procedure_that_commits_inside_itself_is_not_repeated() {
    let db = TestDatabase::empty().await;
    let procedure = "CREATE PROCEDURE move() LANGUAGE plpgsql AS $$ BEGIN \
                     INSERT INTO moved VALUES (1); COMMIT; LOCK TABLE locked; COMMIT; END $$";
    let first =
        sql(TABLE, ["CREATE TABLE moved (x int)", "CREATE TABLE locked (x int)", procedure]);
    let fixture =
        Fixture::with_scripts(db.url(), [first, sql(INDEX, ["CALL move()"]).no_transaction()]);
    fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
    let transaction = db.connection().begin().await.expect("a transaction");
    execute(&transaction, "LOCK TABLE locked").await;
    let run = fixture.run(["migrate-up", "--lock-timeout", "50ms"]).await.exited_with(1);
    // With such a short timeout, the session that blocks the script is not always found.
    run.stderr_contains([
        "canceling statement due to lock timeout (55P03)",
        "hint: a statement that may commit by itself is not retried",
    ]);
    assert_eq!(text(db.connection(), "SELECT count(*)::text FROM moved").await, "1");
}

#[tokio::test]
async fn equal_names_of_indexes_in_two_schemas_are_different_indexes() {
    let db = TestDatabase::empty().await;
    let tables = sql(
        TABLE,
        [
            "CREATE SCHEMA a",
            "CREATE SCHEMA b",
            "CREATE TABLE a.t (x int)",
            "CREATE TABLE b.t (x int)",
            "INSERT INTO b.t VALUES (1), (1)",
        ],
    );
    let create = "CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (x)";
    let indexes = sql(INDEX, ["SET search_path = a", create, "SET search_path = b", create]);
    let fixture = Fixture::with_scripts(db.url(), [tables, indexes.no_transaction()]);
    fixture.run(["migrate-up"]).await.exited_with(1);
    assert_eq!(is_valid(&db, "b.t_x").await, "false");
    execute(db.connection(), "DELETE FROM b.t").await;
    fixture.run(["migrate-up"]).await.succeeded();
    assert_eq!(is_valid(&db, "a.t_x").await, "true");
    assert_eq!(is_valid(&db, "b.t_x").await, "true");
}

#[tokio::test]
async fn what_a_failed_build_left_is_dropped_whatever_the_file_says_now() {
    let create = "CREATE UNIQUE INDEX CONCURRENTLY ON t (x)";
    let named = "CREATE UNIQUE INDEX CONCURRENTLY t_x_idx ON t (x)";
    let other = "CREATE INDEX CONCURRENTLY other ON t (x)";
    let script = |sql_text: &str| sql(INDEX, [sql_text]);
    for (failed, corrected) in [
        (script(create).no_transaction(), script(create).no_transaction()),
        (script(named).no_transaction(), script(other).no_transaction()),
        (script(named).no_transaction(), script("CREATE INDEX other ON t (x)")),
        (script(named).no_transaction().sea_orm(), script("CREATE INDEX other ON t (x)")),
    ] {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::with_scripts(db.url(), [table(), failed]);
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        execute(db.connection(), "INSERT INTO t VALUES (1, 1)").await;
        fixture.run(["migrate-up"]).await.exited_with(1);
        assert_eq!(is_valid(&db, "t_x_idx").await, "false");
        execute(db.connection(), "DELETE FROM t").await;
        let fixture = Fixture::with_scripts(db.url(), [table(), corrected.changed()]);
        let run = fixture.run(["migrate-up"]).await.succeeded();
        run.stderr_contains(["dropped the index `public.t_x_idx`"]);
        let indexes = "SELECT concat(count(*), ' ', bool_and(indisvalid)) FROM pg_index \
                       WHERE indrelid = 't'::regclass";
        assert_eq!(text(db.connection(), indexes).await, "1 t");
    }
}
