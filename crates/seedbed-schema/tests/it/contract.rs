//! Tests the promises in the crate's documentation.

use seedbed_schema::model::QualifiedName;
use seedbed_schema::{DatabaseSchema, Error, ReadOptions, diff, execute_sql_file};
use serde_json::json;
use sqlx::{Connection as _, Executor as _};

use crate::support::{TestConnection, changed_names};

const HISTORY: &str = "
    CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);
    CREATE SCHEMA s; CREATE TABLE s.seedbed_log (id serial PRIMARY KEY, name text);
    COMMENT ON COLUMN s.seedbed_log.name IS 'x'; CREATE INDEX ON s.seedbed_log (name);
    GRANT SELECT ON s.seedbed_log TO pg_monitor;
";

#[tokio::test]
async fn the_tables_of_seedbed_are_excluded_by_default() {
    let mut database = TestConnection::with(HISTORY).await;
    let without = database.read().await;
    let objects: Vec<String> = without.objects().iter().map(ToString::to_string).collect();
    assert_eq!(objects, ["schema public", "schema s"]);
    assert!(without.tables.is_empty());
    assert!(!without.to_sql().contains("seedbed_log"));

    let with = DatabaseSchema::read(&mut database.connection, &ReadOptions::include_all()).await;
    let with = with.expect("the schema can be read");
    let tables: Vec<String> = with.tables.keys().map(ToString::to_string).collect();
    assert_eq!(tables, ["public.seaql_migrations", "s.seedbed_log"]);
    assert!(with.to_sql().contains("CREATE SEQUENCE s.seedbed_log_id_seq"));
}

#[tokio::test]
async fn reading_keeps_the_settings_and_leaves_no_transaction_open() {
    let mut database =
        TestConnection::with("SET search_path = pg_temp; SET TimeZone = 'Asia/Tokyo'").await;
    database.read().await;
    let settings = "SELECT current_setting('search_path') || current_setting('TimeZone') || \
                    current_setting('transaction_read_only')";
    let settings: String =
        sqlx::query_scalar(settings).fetch_one(&mut database.connection).await.expect("a text");
    assert_eq!(settings, "pg_tempAsia/Tokyooff");
    database.run("CREATE TABLE public.t ()").await;
}

#[tokio::test]
async fn a_role_without_privileges_reads_the_same_schema() {
    let mut database = TestConnection::with(
        "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY, a int DEFAULT 5 CHECK (a > 0));
         CREATE VIEW s.v AS SELECT a FROM s.t; CREATE SEQUENCE s.q START 5;
         CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION s.f FROM PUBLIC;
         ALTER TABLE s.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s.t USING (a > 1)",
    )
    .await;
    let all = database.read().await;
    database.run("SET ROLE pg_signal_backend").await;
    let is_accepted = database.try_run("SELECT * FROM s.t").await;
    assert!(!is_accepted, "the role has no privilege on the table");
    assert_eq!(changed_names(&all, &database.read().await), [""; 0]);
}

#[tokio::test]
async fn unsupported_objects_are_listed() {
    let mut database = TestConnection::with(
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
         CREATE FOREIGN DATA WRAPPER w;
         CREATE SERVER v FOREIGN DATA WRAPPER w;
         CREATE FOREIGN TABLE t (a int) SERVER v; CREATE TYPE e AS ENUM (); CREATE TABLE u (a int[]);
         CREATE CAST (text AS e) WITH INOUT; CREATE PUBLICATION p;
         CREATE TEXT SEARCH PARSER f (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
            LEXTYPES = prsd_lextype);
         CREATE TYPE nothing; CREATE TYPE span AS RANGE (subtype = float8);
         CREATE EXTENSION cube; REVOKE ALL ON FUNCTION cube(float8) FROM PUBLIC;
         CREATE TABLE k (id int PRIMARY KEY); CREATE TABLE f (k int REFERENCES k);
         ALTER TABLE f DISABLE TRIGGER ALL; ALTER TABLE u OWNER TO pg_monitor;
         CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
         DO $$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET search_path = secret', current_database());
            EXECUTE format('COMMENT ON DATABASE %I IS ''x''', current_database()); END $$",
    )
    .await;
    let schema = database.read().await;
    let roles = "SELECT string_agg(x, ', ' ORDER BY x) FROM unnest(ARRAY[current_user::text, 'pg_monitor']) x";
    let roles: String =
        sqlx::query_scalar(roles).fetch_one(&mut database.connection).await.expect("two names");
    let names = schema.unsupported_names();
    let listed: Vec<&String> = names.iter().collect();
    assert_eq!(
        listed,
        [
            "cast from text to public.e",
            "comment on this database",
            "disabled check of constraint f_k_fkey of table public.f",
            "foreign data wrapper w",
            "foreign server v",
            "foreign table public.t",
            "operator public.===",
            "privileges on function public.cube(double precision)",
            "publication p",
            "setting search_path of this database",
            &format!("several owners of objects: {roles}"),
            "text search parser public.f",
            "transform for integer",
            "type public.nothing",
        ]
    );
}

#[tokio::test]
async fn a_security_label_and_a_subscription_belong_to_their_tables() {
    let mut database = TestConnection::with(
        "CREATE TABLE a (b int); CREATE TABLE c (d int);
         INSERT INTO pg_seclabel VALUES ('a'::regclass, 'pg_class'::regclass, 1, 'provider', 'secret'),
            ('english'::regconfig, 'pg_ts_config'::regclass, 0, 'provider', 'x');
         CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION nothing
            WITH (connect = false, enabled = false, slot_name = NONE);
         INSERT INTO pg_subscription_rel SELECT oid, 'a'::regclass, 'r' FROM pg_subscription WHERE subname = 's'",
    )
    .await;
    let schema = database.read().await;
    assert_eq!(
        schema.unsupported_names(),
        [
            "security label of provider on column b of table public.a",
            "security label of provider on text search configuration english",
            "subscription s",
        ]
        .map(str::to_owned)
        .into()
    );
    let dependents = |table: &str| -> Vec<String> {
        let table = schema.tables[&QualifiedName::new("public", table)].object();
        schema.dependents(&table).map(|(object, _)| object.to_string()).collect()
    };
    assert_eq!(dependents("a"), ["subscription s"]);
    assert_eq!(dependents("c"), [""; 0]);
    database.run("UPDATE pg_seclabel SET label = 'y' WHERE objsubid = 1").await;
    let changed = "security label of provider on column b of table public.a";
    assert_eq!(changed_names(&schema, &database.read().await), [changed]);
    // Nothing else removes the label of a built-in object.
    database.run("DELETE FROM pg_seclabel WHERE objoid < 16384").await;
}

#[tokio::test]
async fn unsupported_objects_are_compared_by_name_or_by_definition() {
    let search = "CREATE TEXT SEARCH PARSER f (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
        LEXTYPES = prsd_lextype);";
    let server = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER v FOREIGN DATA WRAPPER w;
        CREATE TYPE e AS ENUM ();";
    let mut one = TestConnection::with(&format!(
        "{search} {server} CREATE PUBLICATION p; CREATE PUBLICATION q; CREATE PUBLICATION r;
         CREATE FOREIGN TABLE u (a text) SERVER v; CREATE FOREIGN TABLE t (a int) SERVER v; CREATE CAST (text AS e) WITH INOUT"
    ))
    .await;
    let mut other = TestConnection::with(&format!(
        "{server} CREATE PUBLICATION p; CREATE PUBLICATION q WITH (publish = 'insert');
         CREATE PUBLICATION r WITH (publish_via_partition_root = true);
         CREATE FOREIGN TABLE u (a text COLLATE \"C\" DEFAULT 'x' CHECK (a <> '')) SERVER v;
         CREATE FOREIGN TABLE t (a bigint) SERVER v; CREATE CAST (text AS e) WITH INOUT AS IMPLICIT;
         CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
         ALTER SERVER v OPTIONS (host 'x')"
    ))
    .await;
    let (one, other) = (one.read().await, other.read().await);
    let changes: Vec<String> = diff(&one, &other).iter().map(ToString::to_string).collect();
    let objects: Vec<&str> = changes.iter().filter_map(|change| change.lines().next()).collect();
    assert_eq!(
        objects,
        [
            "cast from text to public.e",
            "foreign server v",
            "foreign table public.t",
            "foreign table public.u",
            "operator public.===",
            "publication q",
            "publication r",
            "text search parser public.f",
        ]
    );
    assert!(changes[2].contains("- a integer OPTIONS ()\n+ a bigint OPTIONS ()"), "{}", changes[2]);
    assert_eq!(
        changes[7],
        "text search parser public.f\n- -- exists; its definition is not compared"
    );
    assert!(one != other);
}

#[tokio::test]
async fn the_columns_and_the_filter_of_a_publication_are_compared() {
    let table = "CREATE TABLE t (id int PRIMARY KEY, a int, b int);";
    let mut one = TestConnection::with(table).await;
    if one.version().await < 15 {
        // Before PostgreSQL 15, a publication has neither.
        return;
    }
    one.run(
        "CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (a > 1); CREATE PUBLICATION q FOR TABLE t",
    )
    .await;
    let mut other = TestConnection::with(table).await;
    other.run("CREATE PUBLICATION p FOR TABLE t (id, b) WHERE (b > 1); CREATE PUBLICATION q FOR TABLE t").await;
    let changes = diff(&one.read().await, &other.read().await);
    let objects: Vec<String> = changes.iter().map(|change| change.object().to_string()).collect();
    assert_eq!(objects, ["publication p"]);
    assert!(changes[0].to_string().contains("WHERE (b > 1)"), "{}", changes[0]);
}

#[tokio::test]
async fn default_privileges_do_not_make_differences_of_an_extension() {
    let mut database = TestConnection::with(
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE EXTENSION citext",
    )
    .await;
    assert_eq!(database.read().await.unsupported.len(), 0);
    database.run("GRANT EXECUTE ON FUNCTION citext_eq TO pg_monitor").await;
    assert_eq!(database.read().await.unsupported.len(), 1);
}

#[tokio::test]
async fn the_search_path_that_an_extension_sets_is_its_own() {
    // The script of the extension appends its schema to the search path of the database.
    let mut database = TestConnection::with(
        "CREATE EXTENSION cube; UPDATE pg_extension SET extname = 'postgis_tiger_geocoder' WHERE extname = 'cube'",
    )
    .await;
    for (path, listed) in [
        (r#""$user", public, tiger"#, 0),
        (r#""$user", public, tiger, mine"#, 1),
        ("public, tiger", 1),
    ] {
        let alter = format!("'ALTER DATABASE %I SET search_path = {path}', current_database()");
        database.run(&format!("DO $$ BEGIN EXECUTE format({alter}); END $$")).await;
        let unsupported = database.read().await.unsupported;
        assert_eq!(unsupported.len(), listed, "{path}: {unsupported:?}");
    }
    database.run("UPDATE pg_extension SET extname = 'cube' WHERE extname LIKE 'postgis%'").await;
}

#[tokio::test]
async fn an_unpopulated_materialized_view_differs_from_a_refreshed_one() {
    let mut database =
        TestConnection::with("CREATE MATERIALIZED VIEW m AS SELECT 1 AS one WITH NO DATA").await;
    let empty = database.read().await;
    database.run("REFRESH MATERIALIZED VIEW m").await;
    let filled = database.read().await;
    let expected = "populated state of materialized view public.m";
    assert_eq!(changed_names(&empty, &filled), [expected]);
    // An SQL file does not preserve whether the view is populated.
    assert_eq!(changed_names(&empty.clone().without_runtime_state(), &filled), [""; 0]);
    assert_eq!(empty.to_sql(), filled.to_sql());
}

#[tokio::test]
async fn the_default_comment_of_an_extension_is_omitted() {
    let mut database = TestConnection::with("CREATE EXTENSION citext").await;
    let usual = database.read().await;
    database.run("COMMENT ON EXTENSION citext IS 'ours'").await;
    let changes = diff(&usual, &database.read().await);
    let texts: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["comment on extension citext\n+ COMMENT ON EXTENSION citext IS 'ours';"]);
}

#[tokio::test]
async fn an_invalid_index_differs_from_a_valid_one_and_is_written_as_a_comment() {
    let mut database =
        TestConnection::with("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)").await;
    let is_accepted = database.try_run("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)").await;
    assert!(!is_accepted, "the rows are not unique");
    let invalid = database.read().await;
    let mut other = TestConnection::new().await;
    execute_sql_file(&mut other.connection, &invalid.to_sql())
        .await
        .expect("a comment is valid SQL");
    assert_eq!(changed_names(&invalid, &other.read().await), ["index public.i of table public.t"]);
    database.run("DELETE FROM t; REINDEX INDEX i").await;
    assert_eq!(
        changed_names(&invalid, &database.read().await),
        ["index public.i of table public.t"]
    );
}

#[tokio::test]
async fn a_change_has_a_text_and_a_json_form() {
    let mut database = TestConnection::with("CREATE TABLE t (a int, b text)").await;
    let before = database.read().await;
    database.run("ALTER TABLE t ALTER a SET NOT NULL; CREATE TABLE u (x int PRIMARY KEY)").await;
    let changes = diff(&before, &database.read().await);
    let texts: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "column a of table public.t\n- a integer\n+ a integer NOT NULL",
            "table public.u\n+ CREATE TABLE public.u (\n+     x integer NOT NULL\n+ );\n\
             + ALTER TABLE ONLY public.u ADD CONSTRAINT u_pkey PRIMARY KEY (x);",
        ]
    );
    assert_eq!(
        serde_json::to_value(&changes[0]).expect("all of its keys are strings"),
        json!({
            "object": {
                "kind": "table",
                "name": "public.t",
                "part": { "kind": "column", "name": "a" },
                "aspect": "definition",
            },
            "before": "a integer",
            "after": "a integer NOT NULL",
            "fields": [{
                "field": "not_null",
                "before": null,
                "after": { "name": null, "no_inherit": false },
            }],
        })
    );
}

#[tokio::test]
async fn a_failing_script_is_rolled_back() {
    let mut database = TestConnection::new().await;
    let sql =
        "SET search_path = '';\nCREATE TABLE public.t ();\nCREATE TABLE public.u (a missing);";
    let error =
        execute_sql_file(&mut database.connection, sql).await.expect_err("there is no such type");
    assert_eq!(
        error.to_string(),
        "failed to load the schema: type \"missing\" does not exist (line 3)"
    );
    assert!(matches!(error, Error::Execute { line: Some(3), .. }));
    assert!(database.read().await.tables.is_empty());

    let sql = "CREATE TABLE t (); GRANT SELECT ON t TO nobody_at_all";
    let error =
        execute_sql_file(&mut database.connection, sql).await.expect_err("there is no such role");
    let hint = error.hint().expect("this error has a hint");
    assert_eq!(hint, "roles belong to the server, not to a database: create the role there first");
}

#[tokio::test]
async fn an_open_transaction_is_refused_and_stays_open() {
    let mut database = TestConnection::new().await;
    let mut transaction = database.connection.begin().await.expect("an open connection");
    transaction.execute("CREATE TABLE t ()").await.expect("valid SQL");
    let read = DatabaseSchema::read(&mut transaction, &ReadOptions::default()).await;
    let error = read.expect_err("a transaction is open");
    assert!(error.hint().is_some_and(|hint| hint.starts_with("commit the open")), "{error}");
    transaction.commit().await.expect("the transaction ends");
    assert_eq!(database.read().await.tables.len(), 1);
}
