//! An instance that comes back cannot be told from one that nobody has had.

use sea_orm::DatabaseConnection;
use seedbed_engine::Project;
use seedbed_testdb::TestDatabase;

use crate::support::{
    NewChecksum, admin, end, everything, exists, forget, name_of, one, project, run, template_of,
    uncounted, word, worker,
};

/// What a test may do with rows and sequences. Its instance is used again.
const ROWS: [&str; 14] = [
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

/// Changes of the schema. Their instance is dropped.
const SCHEMA: [&str; 14] = [
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

/// What else goes beyond rows and sequences. Its instance is dropped.
const BEYOND: [&str; 8] = [
    "TRUNCATE tags",
    "SELECT lo_create(0)",
    "REFRESH MATERIALIZED VIEW tag_count",
    "ANALYZE tags",
    "VACUUM tags",
    "INSERT INTO tags (name) SELECT 'x' FROM generate_series(1, 100); ANALYZE tags",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1234', current_database()); END $$",
    "DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS $c$mine$c$', current_database()); END $$",
];

/// Everything that a test can see of a database, as text.
async fn portrait(connection: &DatabaseConnection) -> String {
    let tables: String = one(
        connection,
        "SELECT string_agg(format('SELECT %L || count(*) || coalesce(string_agg(t.ctid || t::text, \
         '','' ORDER BY t.ctid), '''') FROM ONLY %s t', c.oid::regclass, c.oid::regclass), ';' \
         ORDER BY c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.relispopulated \
         AND c.oid >= 16384",
    )
    .await;
    let mut seen = String::new();
    for sql in tables.split(';') {
        seen += &one::<String>(connection, sql).await;
        seen.push('\n');
    }
    for sql in [
        // Sequences, sizes, and what the planner goes by.
        "SELECT string_agg(format('%s %s %s', s.sequencename, s.last_value, s.start_value), ',' \
         ORDER BY 1) FROM pg_sequences s",
        "SELECT string_agg(concat_ws(' ', oid, relname, relowner, relpages, reltuples, relallvisible, \
         relhastriggers, relhasrules, relhasindex, relrowsecurity, relpersistence, relacl, reloptions, \
         relchecks, relispopulated, pg_relation_size(oid, 'main'), pg_relation_size(oid, 'vm')), ',' \
         ORDER BY oid) FROM pg_class WHERE relkind <> 'S' AND oid >= 16384",
        "SELECT concat_ws(' ', (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc), \
         (SELECT count(*) FROM pg_depend), (SELECT count(*) FROM pg_description), \
         (SELECT count(*) FROM pg_statistic), (SELECT count(*) FROM pg_largeobject_metadata), \
         (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pg_temp%'), \
         (SELECT string_agg(t::text, ',' ORDER BY oid) FROM pg_trigger t), \
         (SELECT string_agg(t::text, ',' ORDER BY oid) FROM pg_constraint t WHERE oid >= 16384), \
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum))",
        "SELECT coalesce(string_agg(setconfig::text, ',' ORDER BY setrole), '') FROM pg_db_role_setting \
         WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())",
        // The session.
        "SELECT string_agg(name || '=' || setting, ',' ORDER BY name) FROM pg_settings \
         WHERE source = 'session' OR name IN ('role', 'search_path', 'session_replication_role')",
        "SELECT concat_ws(' ', (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), \
         (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors), \
         (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), \
         current_user, session_user)",
    ] {
        seen += &one::<String>(connection, sql).await;
        seen.push('\n');
    }
    // last_value of pg_sequences does not tell a sequence that was set from one that was not, nor how many
    // values are drawn ahead.
    let sequences: String = one(
        connection,
        "SELECT coalesce(string_agg(format('%I.%I', schemaname, sequencename), ';' ORDER BY 1), '') \
         FROM pg_sequences",
    )
    .await;
    for sequence in sequences.split(';').filter(|sequence| !sequence.is_empty()) {
        let sql = format!("SELECT concat_ws(' ', last_value, is_called, log_cnt) FROM {sequence}");
        seen += &one::<String>(connection, &sql).await;
    }
    seen
}

/// Makes two databases of a new template, so that the second is one that nobody has had; and the name
/// of the template.
async fn untouched(project: &Project, seeds: Option<&str>) -> (String, String) {
    let take = async || match seeds {
        Some(environment) => TestDatabase::with_seeds(project, environment).await,
        None => TestDatabase::new(project).await,
    };
    let db = take().await;
    (portrait(db.connection()).await, template_of(&db).await)
}

/// What a test does to its database, and then what the next one finds.
async fn after(project: &Project, seeds: Option<&str>, sql: &str) -> (String, bool) {
    let take = async || match seeds {
        Some(environment) => TestDatabase::with_seeds(project, environment).await,
        None => TestDatabase::new(project).await,
    };
    let db = take().await;
    let name = name_of(&db).to_owned();
    run(db.connection(), sql).await;
    drop(db);
    if !exists(&admin().await, &name).await {
        return (portrait(take().await.connection()).await, false);
    }
    // Each instance that is free now is looked at, so that of this one we know.
    let mut taken = Vec::new();
    loop {
        let db = take().await;
        let again = name_of(&db) == name;
        let seen = portrait(db.connection()).await;
        taken.push(db);
        if again || taken.len() == 4 {
            return (seen, again);
        }
    }
}

#[tokio::test]
async fn after_rows_and_sequences_an_instance_is_used_again_and_is_as_new() {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    for sql in ROWS {
        let (seen, again) = after(&project, None, sql).await;
        assert!(again || !can_reset().await, "dropped after {sql}");
        assert_eq!(seen, new, "after {sql}");
    }
    forget(&template).await;
}

#[tokio::test]
async fn rows_of_a_seed_are_put_back_too() {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, Some("test")).await;
    for sql in [
        "DELETE FROM tags WHERE name = 'tag 2!'",
        "UPDATE shops SET name = 'x' WHERE plan = 'pro'",
        "INSERT INTO shops (name) VALUES ('Third'); INSERT INTO orders (shop_id) VALUES (1)",
    ] {
        let (seen, again) = after(&project, Some("test"), sql).await;
        assert!(again || !can_reset().await, "dropped after {sql}");
        assert_eq!(seen, new, "after {sql}");
    }
    forget(&template).await;
}

/// After none of these is an instance used again, and the next test has one as new.
async fn each_is_dropped(statements: &[&str]) {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    for sql in statements {
        let (seen, again) = after(&project, None, sql).await;
        assert!(!again, "used again after {sql}");
        assert_eq!(seen, new, "after {sql}");
    }
    forget(&template).await;
}

#[tokio::test]
async fn after_a_change_of_the_schema_an_instance_is_dropped() {
    each_is_dropped(&SCHEMA).await;
}

#[tokio::test]
async fn after_anything_else_an_instance_is_dropped() {
    each_is_dropped(&BEYOND).await;
}

#[tokio::test]
async fn an_instance_is_vacuumed_and_used_on() {
    if !can_reset().await {
        eprintln!("NOT TESTED: this server puts no instance back");
        return;
    }
    let checksum = NewChecksum::new();
    // Each in a process of its own, which has no other instance.
    let use_it = || {
        let mut child = worker("writes_a_row_and_waits", &checksum, &[]);
        let name = word(&mut child, "database ");
        end(child);
        name
    };
    let name = use_it();
    let many = format!("UPDATE seedbed_testdb.databases SET uses = 98 WHERE name = '{name}'");
    run(&admin().await, &many).await;
    assert_eq!([use_it(), use_it()], [&*name, &*name], "the 99th and the 100th test");

    let project = project(&checksum);
    let (used, new) = (TestDatabase::new(&project).await, TestDatabase::new(&project).await);
    assert_eq!(name_of(&used), name);
    let vacuumed = "SELECT pg_stat_get_vacuum_count('pg_class'::regclass)";
    assert_eq!(one::<i64>(used.connection(), vacuumed).await, 1);
    assert_eq!(portrait(used.connection()).await, portrait(new.connection()).await);
    let template = template_of(&used).await;
    drop((used, new));
    forget(&template).await;
}

#[tokio::test]
async fn no_setting_or_lock_of_a_session_outlives_its_test() {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    for sql in [
        "SET search_path = other; SET session_replication_role = replica",
        "SET app.mine = 'yes'",
        "SELECT pg_advisory_lock(42)",
        "LISTEN mine",
        "PREPARE mine AS SELECT 1",
        "SET ROLE pg_monitor",
        "BEGIN; DECLARE mine CURSOR WITH HOLD FOR SELECT 1; COMMIT",
    ] {
        let (seen, again) = after(&project, None, sql).await;
        assert!(again || !can_reset().await, "dropped after {sql}");
        assert_eq!(seen, new, "after {sql}");
    }
    forget(&template).await;
}

#[tokio::test]
async fn an_instance_whose_counters_began_again_is_dropped() {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let name = name_of(&db).to_owned();
    if can_reset().await {
        run(db.connection(), "CREATE TABLE mine ()").await;
        run(db.connection(), "SELECT pg_stat_force_next_flush()").await;
    }
    run(db.connection(), "SELECT pg_stat_reset()").await;
    drop(db);
    assert!(!exists(&admin().await, &name).await, "it is not used again");
    let db = TestDatabase::new(&project).await;
    assert_eq!(portrait(db.connection()).await, new);
    drop(db);
    forget(&template).await;
}

#[tokio::test]
async fn an_instance_in_which_nothing_is_counted_is_dropped() {
    let project = uncounted(&NewChecksum::new());
    let db = TestDatabase::new(&project).await;
    let (name, template) = (name_of(&db).to_owned(), template_of(&db).await);
    run(db.connection(), "CREATE TABLE mine ()").await;
    drop(db);
    assert!(!exists(&admin().await, &name).await, "it is not used again");
    forget(&template).await;
}

#[tokio::test]
async fn what_keeps_a_database_from_being_dropped_is_undone() {
    let project = everything(&NewChecksum::new());
    let (_, template) = untouched(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let name = name_of(&db).to_owned();
    let sql = format!("ALTER DATABASE {name} IS_TEMPLATE true");
    run(db.connection(), &sql).await;
    let sql = "CREATE SUBSCRIPTION testdb CONNECTION 'dbname=nowhere' PUBLICATION nothing \
        WITH (connect = false, slot_name = NONE)";
    run(db.connection(), sql).await;
    drop(db);
    assert!(!exists(&admin().await, &name).await);
    forget(&template).await;
}

#[tokio::test]
async fn a_prepared_transaction_goes_with_its_database() {
    let sql = "SELECT current_setting('max_prepared_transactions')::int > 0";
    if !one::<bool>(&admin().await, sql).await {
        eprintln!("NOT TESTED: this server has no prepared transactions");
        return;
    }
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    let prepare = "BEGIN; INSERT INTO shops (name) VALUES ('a'); PREPARE TRANSACTION 'testdb'";
    let (seen, again) = after(&project, None, prepare).await;
    assert!(!again, "used again with a prepared transaction");
    assert_eq!(seen, new);
    forget(&template).await;
}

#[tokio::test]
async fn sessions_that_a_test_leaves_open_are_ended_with_it() {
    let project = everything(&NewChecksum::new());
    let (new, template) = untouched(&project, None).await;
    let db = TestDatabase::new(&project).await;
    let handle = db.connection().clone();
    let other = sea_orm::Database::connect(db.url()).await.expect("a session of its own");
    run(&other, "BEGIN").await;
    run(&other, "INSERT INTO shops (name) VALUES ('late')").await;
    drop(db);
    assert!(handle.ping().await.is_err(), "the handle leads nowhere any more");
    let db = TestDatabase::new(&project).await;
    assert_eq!(portrait(db.connection()).await, new);
    drop(db);
    forget(&template).await;
}

/// Before PostgreSQL 15 no instance is used again.
async fn can_reset() -> bool {
    one(&admin().await, "SELECT current_setting('server_version_num')::int >= 150000").await
}
