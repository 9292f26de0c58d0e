//! Tests schemas that PostgreSQL accepts and that are difficult to write.

use seedbed_schema::execute_sql_file;

use crate::support::{TestConnection, changed_names, round_trip};

/// Reads the schema that the statements create, and loads its file into another database.
async fn round_trips(sql: &str) -> String {
    let schema = TestConnection::with(sql).await.read().await;
    round_trip(&schema, &mut TestConnection::new().await).await;
    schema.to_sql()
}

#[tokio::test]
async fn a_function_whose_body_needs_the_search_path_loads() {
    let sql = round_trips(
        "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
         CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT replace(plain($1), ' ', '-') $$;
         CREATE TABLE post (title text, slug text GENERATED ALWAYS AS (slug(title)) STORED,
            CHECK (slug(title) <> ''));
         CREATE INDEX ON post (plain(title)); CREATE TABLE other (a text)",
    )
    .await;
    let set: Vec<&str> = sql.lines().filter(|line| line.starts_with("SET search_path")).collect();
    let empty = "SET search_path = '';";
    assert_eq!(set, [empty, "SET search_path = public;", empty]);
}

#[tokio::test]
async fn a_foreign_key_to_a_table_whose_index_needs_the_search_path_loads() {
    let sql =
        "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower($1) $$;
         CREATE FUNCTION slug(text) RETURNS text LANGUAGE sql IMMUTABLE
            AS $$ SELECT replace(plain($1), ' ', '-') $$;
         CREATE TABLE post (id int PRIMARY KEY, title text); CREATE INDEX ON post (slug(title));
         CREATE TABLE comment (post_id int REFERENCES post)";
    let mut database = TestConnection::new().await;
    if database.version().await >= 17 {
        // Since PostgreSQL 17, CREATE INDEX has a search path of its own, so there is no such index.
        assert!(!database.try_run(sql).await);
    } else {
        round_trips(sql).await;
    }
}

#[tokio::test]
async fn a_check_with_the_name_of_a_not_null_loads() {
    // Before PostgreSQL 18, the catalog has no name for the NOT NULL of a column, so the file has a free name for it:
    // the name that PostgreSQL 18 would choose is the name of the check.
    let sql = round_trips(
        "CREATE TABLE users (email text CONSTRAINT users_email_not_null1 NOT NULL);
         CREATE DOMAIN d AS int CONSTRAINT x NOT NULL;
         ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email <> '');
         ALTER DOMAIN d ADD CONSTRAINT d_not_null CHECK (VALUE > 0)",
    )
    .await;
    assert!(sql.contains("email text CONSTRAINT users_email_not_null1 NOT NULL"), "{sql}");
}

#[tokio::test]
async fn a_view_that_reads_itself_loads() {
    let sql = round_trips(
        "CREATE VIEW v AS SELECT 1 AS id; CREATE OR REPLACE VIEW v AS SELECT id FROM v",
    )
    .await;
    assert!(sql.contains("CREATE OR REPLACE VIEW public.v"), "{sql}");
}

#[tokio::test]
async fn columns_without_a_name_in_a_union_are_equal_after_loading() {
    round_trips(
        "CREATE TABLE a (x int); CREATE TABLE b (x int);
         CREATE VIEW v AS SELECT x FROM a UNION ALL SELECT NULL FROM b;
         CREATE VIEW w AS SELECT x::text AS y FROM a UNION SELECT 'b' FROM b UNION SELECT NULL::varchar(3);
         CREATE VIEW e AS SELECT x FROM a WHERE EXISTS (SELECT NULL::timestamptz FROM b)",
    )
    .await;
}

#[tokio::test]
async fn casts_of_arrays_are_equal_after_loading() {
    round_trips(
        "CREATE FUNCTION first(text[]) RETURNS text LANGUAGE sql IMMUTABLE RETURN $1[1][1];
         CREATE TABLE t (kind varchar CHECK (kind IN ('a', 'b')), name varchar,
         tags text[] DEFAULT ARRAY[['a'::varchar, 'b'], ['c', 'd']]);
         CREATE VIEW v AS SELECT kind FROM t WHERE first(ARRAY[[[name, 'x']], [['y', kind]]]) = 'x'",
    )
    .await;
}

#[tokio::test]
async fn names_that_are_keywords_of_a_later_version_are_quoted_by_every_version() {
    let sql = round_trips(
        "CREATE FUNCTION f(\"json\" int, x json) RETURNS json LANGUAGE sql AS 'SELECT x';
         CREATE TABLE t (\"json\" json, json_value int CHECK (json_value > 0));
         CREATE INDEX ON t (json_value, (\"json\" ->> 'a')); CREATE VIEW v AS SELECT \"json\" FROM t",
    )
    .await;
    for text in ["f(\"json\" integer, x json)", "(\"json_value\" > 0)", "(\"json\" ->> 'a'::text)"]
    {
        assert!(sql.contains(text), "{text}: {sql}");
    }
    assert!(sql.contains(" RETURNS json\n"), "{sql}");
}

#[tokio::test]
async fn a_partition_that_is_being_detached_is_read() {
    let mut database = TestConnection::with(
        "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    )
    .await;
    let before = database.read().await;
    database.run("UPDATE pg_inherits SET inhdetachpending = true").await;
    let after = database.read().await;
    assert_eq!(changed_names(&before, &after), ["parent public.p of table public.p1"]);
    let mut other = TestConnection::new().await;
    execute_sql_file(&mut other.connection, &after.to_sql()).await.expect("a comment is valid SQL");
    assert!(after.to_sql().contains("-- ALTER TABLE ONLY public.p ATTACH PARTITION public.p1"));
}

#[tokio::test]
async fn a_dump_is_loaded_and_errors_in_a_file_have_a_hint() {
    let mut database = TestConnection::new().await;
    let dump = "\\restrict abc\nSET statement_timeout = 0;\nCREATE TABLE public.t (a integer);\n\
                \\unrestrict abc\n";
    execute_sql_file(&mut database.connection, dump).await.expect("a dump of a schema");
    assert_eq!(database.read().await.tables.len(), 1);
    for (sql, message, hint) in [
        (
            "COPY public.t (a) FROM stdin;\n1\n\\.\n",
            "the file has rows of `public.t`",
            "--schema-only",
        ),
        (
            "SET no_such_timeout = 0;",
            "no_such_timeout",
            "a newer version of PostgreSQL wrote the file",
        ),
        (
            "DO $$ BEGIN RAISE 'can only create extension in database postgres' USING DETAIL = 'It has jobs.'; END $$",
            "can only create extension in database postgres\n  detail: It has jobs.",
            "compare two databases by their URLs",
        ),
        ("DO $$ BEGIN RAISE 'no' USING HINT = 'Do it.'; END $$", "no", "Do it."),
        ("\\connect x\n", "`\\connect` is a `psql` command", "remove the line"),
    ] {
        let error = execute_sql_file(&mut database.connection, sql)
            .await
            .expect_err("the script must fail");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.hint().is_some_and(|text| text.contains(hint)), "{sql}: {:?}", error.hint());
    }
    let invalid = execute_sql_file(&mut database.connection, "CREATE TABLE u (id int,);").await;
    assert_eq!(invalid.expect_err("a syntax error").hint(), None);
}

#[tokio::test]
async fn the_texts_of_views_and_checks_keep_their_meaning() {
    let sql = round_trips(
        "CREATE SCHEMA x; CREATE COLLATION x.c (provider = libc, locale = 'C');
         CREATE SCHEMA \"timestamp\"; CREATE TYPE \"timestamp\".mood AS ENUM ('a');
         CREATE TABLE t (a int, b int, tags text[], v varchar(10)[], w varchar(10)[]);
         CREATE TABLE u (a int, s text);
         CREATE FUNCTION dims(text[]) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT array_ndims($1)';
         ALTER TABLE t ADD CONSTRAINT two CHECK (dims(ARRAY[v, w]) = 2);
         CREATE VIEW arrays AS SELECT tags || ARRAY[v, w] AS all_tags FROM t;
         CREATE VIEW correlated AS SELECT t.a FROM t WHERE EXISTS
            ((SELECT u.a FROM u LIMIT 1) UNION SELECT u.a FROM u WHERE u.a = t.a);
         CREATE VIEW one_of_each AS SELECT DISTINCT ON (t.a) (-t.a) AS a, t.b FROM t ORDER BY t.a, t.b;
         CREATE VIEW collated AS SELECT x.s COLLATE x.c AS s, x.a FROM u x;
         CREATE VIEW named AS SELECT 'a'::\"timestamp\".mood AS \"timestamp\", 1 AS n",
    )
    .await;
    assert!(sql.contains("dims(ARRAY[(v)::text[], (w)::text[]]) = 2"), "{sql}");
    assert!(sql.contains("(u.a = t.a)"), "{sql}");
    let mut database = TestConnection::new().await;
    execute_sql_file(&mut database.connection, &sql).await.expect("the file loads");
    let row = "INSERT INTO t (a, v, w) VALUES (1, '{x}', '{y}')";
    assert!(database.try_run(row).await, "the check accepts two arrays");
    let moods = "SELECT \"timestamp\", n FROM named";
    assert!(database.try_run(moods).await, "the column keeps its name");
}

#[tokio::test]
async fn the_moving_mode_of_an_aggregate_is_kept() {
    let sql = round_trips(
        "CREATE FUNCTION last(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
         CREATE AGGREGATE one(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', MSFUNC = int4pl,
            MINVFUNC = int4mi, MSTYPE = int, MSSPACE = 77, MFINALFUNC = int4abs,
            MFINALFUNC_MODIFY = SHAREABLE, MINITCOND = '0');
         CREATE AGGREGATE two(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', FINALFUNC = last,
            FINALFUNC_EXTRA, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MFINALFUNC = last,
            MFINALFUNC_EXTRA, MINITCOND = '0')",
    )
    .await;
    for option in ["MSSPACE = 77", "MFINALFUNC_MODIFY = SHAREABLE", "MFINALFUNC_EXTRA"] {
        assert!(sql.contains(option), "{sql}");
    }
}
