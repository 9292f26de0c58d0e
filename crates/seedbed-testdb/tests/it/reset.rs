//! Tests that an instance that was reset cannot be distinguished from a new clone.

use sea_orm::DatabaseConnection;
use seedbed_engine::Project;
use seedbed_testdb::TestDatabase;

use crate::support::{
    UniqueChecksum, admin_connection, database_exists, database_name, drop_template, execute,
    finish, full_schema_project, project, query_one, read_value, spawn_worker, template_name,
    uncounted_project,
};

/// The changes of rows and sequences, after which the instance is reset.
const RESETTABLE_CHANGES: [&str; 14] = [
    "INSERT INTO shops (name) VALUES ('a'), ('b')",
    "BEGIN; INSERT INTO shops (name) VALUES ('a'); ROLLBACK",
    "INSERT INTO shops (name) VALUES ('a'); UPDATE shops SET name = 'b'; DELETE FROM shops",
    "INSERT INTO notes SELECT string_agg(md5(n::text), '') FROM generate_series(1, 9000) n",
    "INSERT INTO shops (name) VALUES ('a'); INSERT INTO orders (shop_id, note) VALUES (1, repeat('x', 9000)); \
     UPDATE shops SET last_order_id = 1",
    "INSERT INTO \"Odd \"\"Name\"\"\" VALUES (1, 1), (2, 1)",
    "INSERT INTO events VALUES ('2025-05-05', 'in'), ('2030-01-01', 'out')",
    "INSERT INTO animals VALUES ('a'); INSERT INTO dogs VALUES ('b', 'c')",
    "INSERT INTO notes VALUES ('a')",
    "INSERT INTO guarded VALUES (1)",
    "SELECT nextval('other.counter'), nextval('shops_id_seq')",
    "SELECT setval('other.counter', 500, false)",
    "INSERT INTO other.things DEFAULT VALUES; INSERT INTO tags (name) VALUES ('mine')",
    "DELETE FROM seedbed_log; UPDATE seaql_migrations SET applied_at = 0",
];

/// The changes of the schema, after which the instance is dropped.
const SCHEMA_CHANGES: [&str; 14] = [
    "CREATE TABLE mine ()",
    "BEGIN; CREATE TABLE mine (); ROLLBACK",
    "ALTER TABLE shops ADD extra int",
    "ALTER TABLE shops DISABLE TRIGGER ALL",
    "ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey",
    "DROP TABLE tags CASCADE",
    "CREATE OR REPLACE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TEMP TABLE mine (id int)",
    "ALTER SEQUENCE other.counter INCREMENT 7",
    "COMMENT ON TABLE shops IS 'mine'",
    "GRANT SELECT ON shops TO PUBLIC",
    "ALTER TABLE shops ENABLE ROW LEVEL SECURITY",
    "ALTER TYPE plan ADD VALUE 'gold'",
    "CREATE EXTENSION IF NOT EXISTS citext",
];

/// The changes of something other than the schema, rows and sequences, after which the instance is dropped.
const OTHER_CHANGES: [&str; 8] = [
    "TRUNCATE tags",
    "SELECT lo_create(0)",
    "REFRESH MATERIALIZED VIEW tag_count",
    "ANALYZE tags",
    "VACUUM tags",
    "INSERT INTO tags (name) SELECT 'x' FROM generate_series(1, 100); ANALYZE tags",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1234', current_database()); END $$",
    "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS $c$mine$c$', current_database()); END $$",
];

/// Returns everything that a test can see of a database, as text.
async fn describe(connection: &DatabaseConnection) -> String {
    let tables: String = query_one(
        connection,
        "SELECT string_agg(format('SELECT %L || count(*) || coalesce(string_agg(t.ctid || t::text, \
         '','' ORDER BY t.ctid), '''') FROM ONLY %s t', c.oid::regclass, c.oid::regclass), ';' \
         ORDER BY c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relispopulated \
         AND c.oid >= 16384",
    )
    .await;
    let mut description = String::new();
    for sql in tables.split(';') {
        description += &query_one::<String>(connection, sql).await;
        description.push('\n');
    }
    for sql in [
        // This describes sequences, sizes, and the facts that the planner uses.
        "SELECT string_agg(format('%s %s %s', s.sequencename, s.last_value, s.start_value), ',' \
         ORDER BY 1) FROM pg_sequences s",
        "SELECT string_agg(concat_ws(' ', oid, relname, relowner, relpages, reltuples, relallvisible, \
         relhastriggers, relhasrules, relhasindex, relrowsecurity, relpersistence, relacl, reloptions, \
         relchecks, relispopulated, pg_relation_size(oid, 'main'), pg_relation_size(oid, 'vm')), ',' \
         ORDER BY oid) FROM pg_class WHERE relkind <> 'S' AND oid >= 16384",
        "SELECT concat_ws(' ', (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc), \
         (SELECT count(*) FROM pg_depend), (SELECT count(*) FROM pg_description), \
         (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384), \
         (SELECT count(*) FROM pg_largeobject_metadata), \
         (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pg_temp%'), \
         (SELECT string_agg(t::text, ',' ORDER BY oid) FROM pg_trigger t), \
         (SELECT string_agg(t::text, ',' ORDER BY oid) FROM pg_constraint t WHERE oid >= 16384), \
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum))",
        "SELECT coalesce(string_agg(setconfig::text, ',' ORDER BY setrole), '') FROM pg_db_role_setting \
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())",
        // This describes the session.
        "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings \
         WHERE source = 'session' OR name IN ('role', 'search_path', 'session_replication_role')",
        "SELECT concat_ws(' ', (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), \
         (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors), \
         (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), \
         current_user, session_user)",
    ] {
        description += &query_one::<String>(connection, sql).await;
        description.push('\n');
    }
    // `pg_sequences.last_value` does not show whether a sequence was set, nor how many values are cached.
    let sequences: String = query_one(
        connection,
        "SELECT coalesce(string_agg(format('%I.%I', schemaname, sequencename), ';' ORDER BY 1), '') \
         FROM pg_sequences",
    )
    .await;
    for sequence in sequences.split(';').filter(|sequence| !sequence.is_empty()) {
        let sql = format!("SELECT concat_ws(' ', last_value, is_called, log_cnt) FROM {sequence}");
        description += &query_one::<String>(connection, &sql).await;
    }
    description
}

/// Describes a new clone of a new template, and returns the description and the name of the template.
async fn describe_new_clone(project: &Project, seeds: Option<&str>) -> (String, String) {
    let create = async || match seeds {
        Some(environment) => TestDatabase::with_seeds(project, environment).await,
        None => TestDatabase::new(project).await,
    };
    let db = create().await;
    (describe(db.connection()).await, template_name(&db).await)
}

/// Executes the statements in a test. Returns the description of the database that the next test gets, and whether it
/// has the same instance.
async fn run_and_describe_next(
    project: &Project,
    seeds: Option<&str>,
    sql: &str,
) -> (String, bool) {
    let create = async || match seeds {
        Some(environment) => TestDatabase::with_seeds(project, environment).await,
        None => TestDatabase::new(project).await,
    };
    let db = create().await;
    let name = database_name(&db).to_owned();
    execute(db.connection(), sql).await;
    drop(db);
    if !database_exists(&admin_connection().await, &name).await {
        return (describe(create().await.connection()).await, false);
    }
    // The next test may get another free instance, so up to four instances are acquired until this one is among them.
    let mut acquired = Vec::new();
    loop {
        let db = create().await;
        let same_instance = database_name(&db) == name;
        let found = describe(db.connection()).await;
        acquired.push(db);
        if same_instance || acquired.len() == 4 {
            return (found, same_instance);
        }
    }
}

#[tokio::test]
async fn an_instance_is_reset_after_changes_of_rows_and_sequences() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    for sql in RESETTABLE_CHANGES {
        let (found, same_instance) = run_and_describe_next(&project, None, sql).await;
        assert!(same_instance || !can_reset().await, "dropped after {sql}");
        assert_eq!(found, expected, "after {sql}");
    }
    drop_template(&template).await;
}

#[tokio::test]
async fn changed_rows_of_a_seed_are_restored() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, Some("test")).await;
    for sql in [
        "DELETE FROM tags WHERE name = 'tag 2!'",
        "UPDATE shops SET name = 'x' WHERE plan = 'pro'",
        "INSERT INTO shops (name) VALUES ('Third'); INSERT INTO orders (shop_id) VALUES (1)",
    ] {
        let (found, same_instance) = run_and_describe_next(&project, Some("test"), sql).await;
        assert!(same_instance || !can_reset().await, "dropped after {sql}");
        assert_eq!(found, expected, "after {sql}");
    }
    drop_template(&template).await;
}

/// Checks that each of the statements causes its instance to be dropped, and that the next test finds a new clone.
async fn check_that_each_is_dropped(statements: &[&str]) {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    for sql in statements {
        let (found, same_instance) = run_and_describe_next(&project, None, sql).await;
        assert!(!same_instance, "used again after {sql}");
        assert_eq!(found, expected, "after {sql}");
    }
    drop_template(&template).await;
}

#[tokio::test]
async fn an_instance_is_dropped_after_a_change_of_the_schema() {
    check_that_each_is_dropped(&SCHEMA_CHANGES).await;
}

#[tokio::test]
async fn an_instance_is_dropped_after_any_other_change() {
    check_that_each_is_dropped(&OTHER_CHANGES).await;
}

#[tokio::test]
async fn an_instance_is_vacuumed_after_a_hundred_tests_and_used_again() {
    if !can_reset().await {
        eprintln!("NOT TESTED: this server resets no instance");
        return;
    }
    let checksum = UniqueChecksum::new();
    // Each test is a separate process, which has no other instance.
    let use_once = || {
        let mut child = spawn_worker("writes_a_row_and_waits", &checksum, &[]);
        let name = read_value(&mut child, "database ");
        finish(child);
        name
    };
    let name = use_once();
    let set_uses = format!("UPDATE seedbed_testdb.databases SET uses = 98 WHERE name = '{name}'");
    execute(&admin_connection().await, &set_uses).await;
    assert_eq!([use_once(), use_once()], [&*name, &*name], "the 99th and the 100th test");

    let project = project(&checksum);
    let (used, new) = (TestDatabase::new(&project).await, TestDatabase::new(&project).await);
    assert_eq!(database_name(&used), name);
    let vacuumed = "SELECT pg_stat_get_vacuum_count('pg_class'::regclass)";
    assert_eq!(query_one::<i64>(used.connection(), vacuumed).await, 1);
    assert_eq!(describe(used.connection()).await, describe(new.connection()).await);
    let template = template_name(&used).await;
    drop((used, new));
    drop_template(&template).await;
}

#[tokio::test]
async fn session_settings_and_locks_end_with_the_test() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    for sql in [
        "SET search_path = other; SET session_replication_role = replica",
        "SET app.mine = 'yes'",
        "SELECT pg_advisory_lock(42)",
        "LISTEN mine",
        "PREPARE mine AS SELECT 1",
        "SET ROLE pg_monitor",
        "BEGIN; DECLARE mine CURSOR WITH HOLD FOR SELECT 1; COMMIT",
    ] {
        let (found, same_instance) = run_and_describe_next(&project, None, sql).await;
        assert!(same_instance || !can_reset().await, "dropped after {sql}");
        assert_eq!(found, expected, "after {sql}");
    }
    drop_template(&template).await;
}

#[tokio::test]
async fn an_instance_whose_statistics_were_reset_is_dropped() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let name = database_name(&db).to_owned();
    if can_reset().await {
        execute(db.connection(), "CREATE TABLE mine ()").await;
        execute(db.connection(), "SELECT pg_stat_force_next_flush()").await;
    }
    execute(db.connection(), "SELECT pg_stat_reset()").await;
    drop(db);
    assert!(!database_exists(&admin_connection().await, &name).await, "the instance is dropped");
    let db = TestDatabase::new(&project).await;
    assert_eq!(describe(db.connection()).await, expected);
    drop(db);
    drop_template(&template).await;
}

#[tokio::test]
async fn an_instance_whose_writes_are_not_counted_is_dropped() {
    let project = uncounted_project(&UniqueChecksum::new());
    let db = TestDatabase::new(&project).await;
    let (name, template) = (database_name(&db).to_owned(), template_name(&db).await);
    execute(db.connection(), "CREATE TABLE mine ()").await;
    drop(db);
    assert!(!database_exists(&admin_connection().await, &name).await, "the instance is dropped");
    drop_template(&template).await;
}

#[tokio::test]
async fn subscriptions_and_template_flags_do_not_prevent_a_drop() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (_, template) = describe_new_clone(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let name = database_name(&db).to_owned();
    let sql = format!("ALTER DATABASE {name} IS_TEMPLATE true");
    execute(db.connection(), &sql).await;
    let sql = "CREATE SUBSCRIPTION testdb CONNECTION 'dbname=nowhere' PUBLICATION nothing \
        WITH (connect = false, slot_name = NONE)";
    execute(db.connection(), sql).await;
    drop(db);
    assert!(!database_exists(&admin_connection().await, &name).await);
    drop_template(&template).await;
}

#[tokio::test]
async fn a_prepared_transaction_is_rolled_back_and_its_database_dropped() {
    let sql = "SELECT current_setting('max_prepared_transactions')::int > 0";
    if !query_one::<bool>(&admin_connection().await, sql).await {
        eprintln!("NOT TESTED: this server has no prepared transactions");
        return;
    }
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    let prepare = "BEGIN; INSERT INTO shops (name) VALUES ('a'); PREPARE TRANSACTION 'testdb'";
    let (found, same_instance) = run_and_describe_next(&project, None, prepare).await;
    assert!(!same_instance, "used again with a prepared transaction");
    assert_eq!(found, expected);
    drop_template(&template).await;
}

#[tokio::test]
async fn sessions_that_a_test_leaves_open_are_terminated() {
    let project = full_schema_project(&UniqueChecksum::new());
    let (expected, template) = describe_new_clone(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let handle = db.connection().clone();
    let other = sea_orm::Database::connect(db.url()).await.expect("a session of its own");
    execute(&other, "BEGIN").await;
    execute(&other, "INSERT INTO shops (name) VALUES ('late')").await;
    drop(db);
    assert!(handle.ping().await.is_err(), "the clone of the connection is closed");
    let db = TestDatabase::new(&project).await;
    assert_eq!(describe(db.connection()).await, expected);
    drop(db);
    drop_template(&template).await;
}

/// Returns whether instances can be reset, which requires PostgreSQL 15. The role of these tests is a superuser.
async fn can_reset() -> bool {
    query_one(
        &admin_connection().await,
        "SELECT current_setting('server_version_num')::int >= 150000",
    )
    .await
}
