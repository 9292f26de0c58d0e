//! Tests the verbs that change enum types.

use seedbed_testdb::TestDatabase;

use super::{Unit, up};
use test_fixture::{execute, text, texts};

const VALUES: &str = "SELECT enumlabel::text FROM pg_enum ORDER BY enumsortorder";

#[tokio::test]
async fn enums_are_created_extended_renamed_and_dropped() {
    let db = TestDatabase::empty().await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move { schema.create_enum("Mood's", ["so-so", "it's \\ fine"]).await })
    })
    .await
    .expect("the script succeeds");
    up(&db, Unit::Script, |schema| {
        Box::pin(async move {
            schema.add_enum_value("Mood's", "good").await?;
            schema.add_enum_value_before("Mood's", "it's \\ bad", "it's \\ fine").await
        })
    })
    .await
    .expect("the script succeeds");
    let values = texts(db.connection(), VALUES).await;
    assert_eq!(values, ["so-so", "it's \\ bad", "it's \\ fine", "good"]);
    up(&db, Unit::Script, |schema| {
        Box::pin(async move { schema.rename_enum_value("Mood's", "it's \\ bad", "bad").await })
    })
    .await
    .expect("the script succeeds");
    assert_eq!(texts(db.connection(), VALUES).await, ["so-so", "bad", "it's \\ fine", "good"]);
    up(&db, Unit::Script, |schema| Box::pin(async move { schema.drop_enum("Mood's").await }))
        .await
        .expect("the script succeeds");
    assert_eq!(texts(db.connection(), VALUES).await, [""; 0]);
}

const TABLE: &str = r#"CREATE TYPE "Mood's" AS ENUM ('calm', 'it''s', 'gone');
    COMMENT ON TYPE "Mood's" IS 'nobody''s';
    CREATE TABLE "T" (
        id int PRIMARY KEY,
        "A mood" "Mood's" DEFAULT 'calm' UNIQUE,
        moods "Mood's"[] NOT NULL DEFAULT '{it''s}'
    );
    INSERT INTO "T" VALUES (1, 'it''s', '{calm,it''s}')"#;

#[tokio::test]
async fn removing_an_enum_value_changes_every_column_of_the_type_and_nothing_else() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), TABLE).await;
    let described = "SELECT concat_ws(' ', a.attname, format_type(a.atttypid, -1), pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = '\"T\"'::regclass AND a.attnum > 0 ORDER BY a.attnum";
    let before = texts(db.connection(), described).await;
    up(&db, Unit::Script, |schema| {
        Box::pin(async move { schema.remove_enum_value("Mood's", "gone").await })
    })
    .await
    .expect("no row has the value");

    assert_eq!(texts(db.connection(), VALUES).await, ["calm", "it's"]);
    assert_eq!(texts(db.connection(), described).await, before);
    let row = "SELECT \"A mood\"::text || moods::text FROM \"T\"";
    assert_eq!(text(db.connection(), row).await, "it's{calm,it's}");
    let comment = "SELECT obj_description('\"Mood''s\"'::regtype, 'pg_type')";
    assert_eq!(text(db.connection(), comment).await, "nobody's");
}

#[tokio::test]
async fn an_enum_value_in_use_is_kept_and_the_error_names_its_column() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), TABLE).await;
    let error = up(&db, Unit::Script, |schema| {
        Box::pin(async move { schema.remove_enum_value("Mood's", "it's").await })
    })
    .await
    .expect_err("a row has the value");
    let message = "\"A mood\" of \"T\" has the value 'it''s' in a row or as its default (23001)";
    assert!(error.contains(message), "{error}");
    let hint = "hint: give it another value first: UPDATE \"T\" SET \"A mood\" = … WHERE \"A mood\" = 'it''s'";
    assert!(error.contains(hint), "{error}");
    let error = up(&db, Unit::Script, |schema| {
        Box::pin(async move { schema.remove_enum_value("Mood's", "void").await })
    })
    .await
    .expect_err("there is no such value");
    assert!(error.contains("enum type \"Mood's\" has no value 'void'"), "{error}");
    assert_eq!(texts(db.connection(), VALUES).await, ["calm", "it's", "gone"]);
}

const MOODS: &str = "CREATE TYPE mood AS ENUM ('ok', 'bad', 'gone');
    CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', moods mood[]);
    INSERT INTO t VALUES (1, 'ok', '{ok}')";

async fn remove_gone_value(db: &TestDatabase) -> Result<(), String> {
    up(db, Unit::Script, |schema| {
        Box::pin(async move { schema.remove_enum_value("mood", "gone").await })
    })
    .await
}

#[tokio::test]
async fn removing_an_enum_value_keeps_the_owner_of_the_type() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), MOODS).await;
    execute(db.connection(), "ALTER TYPE mood OWNER TO pg_monitor").await;
    remove_gone_value(&db).await.expect("no row has the value");
    let owner = "SELECT typowner::regrole::text FROM pg_type WHERE typname = 'mood'";
    assert_eq!(text(db.connection(), owner).await, "pg_monitor");
}

#[tokio::test]
async fn removing_an_enum_value_keeps_the_default_of_each_inheriting_table() {
    let db = TestDatabase::empty().await;
    let tables = "CREATE TYPE mood AS ENUM ('ok', 'bad', 'gone'); CREATE TABLE t (m mood DEFAULT 'ok', other mood);
        CREATE TABLE heir () INHERITS (t);
        ALTER TABLE heir ALTER m SET DEFAULT 'bad', ALTER other SET DEFAULT 'bad';
        CREATE TABLE without () INHERITS (t); ALTER TABLE without ALTER m DROP DEFAULT";
    execute(db.connection(), tables).await;
    let defaults = "SELECT concat_ws(' ', adrelid::regclass, adnum, pg_get_expr(adbin, adrelid)) FROM pg_attrdef ORDER BY 1";
    let before = texts(db.connection(), defaults).await;
    assert_eq!(before, ["heir 1 'bad'::mood", "heir 2 'bad'::mood", "t 1 'ok'::mood"]);
    remove_gone_value(&db).await.expect("no row has the value");
    assert_eq!(texts(db.connection(), defaults).await, before);
}

#[tokio::test]
async fn indexes_and_checks_that_use_an_enum_value_are_restored() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), MOODS).await;
    let users = r#"CREATE INDEX "Partial" ON t (id) WHERE m = 'ok';
        COMMENT ON INDEX "Partial" IS 'it''s';
        CREATE UNIQUE INDEX expression ON t ((m = 'bad'), m) INCLUDE (id);
        ALTER TABLE t CLUSTER ON expression;
        CREATE INDEX listed ON t USING gin (moods) WHERE moods @> '{ok}';
        CREATE INDEX plain ON t (m, id);
        ALTER TABLE t ADD CONSTRAINT "Good" CHECK (m IN ('ok', 'bad'));
        COMMENT ON CONSTRAINT "Good" ON t IS 'it''s';
        ALTER TABLE t ADD CONSTRAINT lists CHECK ('bad' <> ALL (moods));
        ALTER TABLE t ADD CONSTRAINT later CHECK (m = 'bad') NO INHERIT NOT VALID;
        CREATE TABLE heir () INHERITS (t);
        CREATE INDEX of_heir ON heir (id) WHERE m = 'ok'"#;
    execute(db.connection(), users).await;
    let described = "SELECT concat_ws(' ', indexrelid::regclass, pg_get_indexdef(indexrelid), indisclustered,
            indisvalid, obj_description(indexrelid, 'pg_class')) AS object
        FROM pg_index WHERE indrelid IN ('t'::regclass, 'heir'::regclass)
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated,
            conislocal, coninhcount, obj_description(oid, 'pg_constraint'))
        FROM pg_constraint WHERE contype = 'c' AND conrelid IN ('t'::regclass, 'heir'::regclass) ORDER BY object";
    let before = texts(db.connection(), described).await;
    assert_eq!(before.len(), 11, "{before:?}");
    remove_gone_value(&db).await.expect("no row has the value");
    assert_eq!(texts(db.connection(), described).await, before);
    assert_eq!(texts(db.connection(), VALUES).await, ["ok", "bad"]);
}

#[tokio::test]
async fn an_error_names_the_check_or_index_that_uses_the_enum_value() {
    for (user, name) in [
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (m <> 'gone')", "table constraint c on public.t"),
        ("CREATE INDEX i ON t (id) WHERE m <> 'gone'", "index public.i"),
    ] {
        let db = TestDatabase::empty().await;
        execute(db.connection(), MOODS).await;
        execute(db.connection(), user).await;
        let error =
            remove_gone_value(&db).await.expect_err("the check or index cannot be recreated");
        assert!(error.contains(&format!("{name} refers to the value 'gone'")), "{error}");
        assert_eq!(texts(db.connection(), VALUES).await, ["ok", "bad", "gone"]);
    }
}

#[tokio::test]
async fn an_enum_change_lists_everything_that_prevents_it_before_it_begins() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), MOODS).await;
    let users = "ALTER TABLE t ADD generated bool GENERATED ALWAYS AS (m = 'ok') STORED;
        CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER of_column BEFORE UPDATE OF m ON t FOR EACH ROW EXECUTE FUNCTION fires();
        CREATE TRIGGER on_value BEFORE INSERT ON t FOR EACH ROW WHEN (new.m = 'ok') EXECUTE FUNCTION fires();
        CREATE VIEW seen AS SELECT m FROM t;
        CREATE MATERIALIZED VIEW kept AS SELECT id FROM t WHERE m = 'ok';
        CREATE POLICY allowed ON t USING (m = 'ok');
        CREATE FUNCTION body() RETURNS bool BEGIN ATOMIC SELECT m = 'ok' FROM t; END;
        CREATE FUNCTION argument(mood[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE composite AS (m mood);
        CREATE TYPE span AS RANGE (SUBTYPE = mood);
        CREATE DOMAIN narrow AS mood;
        CREATE TABLE parent (m mood PRIMARY KEY);
        CREATE TABLE child (m mood REFERENCES parent);
        CREATE TABLE parts (m mood) PARTITION BY LIST (m);
        CREATE TABLE excluding (id int, m mood, EXCLUDE (id WITH =) WHERE (m = 'ok'));
        CREATE TABLE partitioned (id int, m mood) PARTITION BY RANGE (id);
        CREATE INDEX of_parts ON partitioned (id) WHERE m = 'ok';
        CREATE STATISTICS counted ON (m = 'ok'), id FROM t";
    execute(db.connection(), users).await;
    let error = remove_gone_value(&db).await.expect_err("other objects depend on it");
    let message = "cannot remove 'gone' from enum type mood because other objects depend on it: \
        composite type column public.composite.m, function public.argument(public.mood[]), \
        function public.body(), index public.of_parts, materialized view public.kept, \
        partition key public.parts.m, policy allowed on public.t, statistics object public.counted, \
        table column public.t.generated, table constraint child_m_fkey on public.child, \
        table constraint excluding_id_excl on public.excluding, trigger of_column on public.t, \
        trigger on_value on public.t, type public.narrow, type public.span, view public.seen (2BP01)";
    assert!(error.contains(message), "{error}");
    let hint = "hint: drop these objects in an earlier script, and recreate them in a later one";
    assert!(error.contains(hint), "{error}");
    assert_eq!(texts(db.connection(), VALUES).await, ["ok", "bad", "gone"]);
}
