//! Tests that `schema --diff` excludes the objects that its options name, and finds a server for the temporary
//! database.

use seedbed_testdb::TestDatabase;
use serde_json::json;
use test_fixture::{Fixture, connect, execute, text};
use test_support::TestServer;

/// The statements for a partition that a job creates, for a table of another tool with a sequence, an index and a
/// comment, and for an index on a table of the project.
const EXTRAS: &str = "
    CREATE TABLE events_2025_02 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
    CREATE SCHEMA jobs; CREATE TABLE jobs.queue (id serial PRIMARY KEY, payload text);
    CREATE INDEX ON jobs.queue (payload); COMMENT ON TABLE jobs.queue IS 'of a tool';
    CREATE INDEX tuning_idx ON users (name);";
const SCHEMA: &str = "
    CREATE TABLE users (id int PRIMARY KEY, name text);
    CREATE TABLE events (at date NOT NULL, user_id int REFERENCES users) PARTITION BY RANGE (at);
    CREATE INDEX ON events (user_id);
    CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');";

#[tokio::test]
async fn excluded_objects_are_left_out_with_what_belongs_to_them_and_are_named() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    for database in [&one, &other] {
        execute(database.connection(), SCHEMA).await;
    }
    execute(one.connection(), EXTRAS).await;
    let plain = Fixture::without_database("plain");
    let diff = ["schema", "--diff", one.url(), other.url()];
    let with = |more: &[&'static str]| [&diff[..], more].concat();

    let all = plain.run(diff).await.exited_with(1);
    let heads: Vec<&str> =
        all.stdout.lines().filter(|line| !line.starts_with(['-', '+', ' '])).collect();
    let objects: Vec<&str> = heads.into_iter().filter(|line| !line.is_empty()).collect();
    assert_eq!(
        objects,
        [
            "schema jobs",
            "sequence jobs.queue_id_seq",
            "table jobs.queue",
            "table public.events_2025_02",
            "index public.tuning_idx of table public.users",
        ]
    );

    let exclusions =
        ["--exclude-partitions", "--exclude", "schema:jobs", "--exclude", "table:jobs.*"];
    let some = plain.run(with(&exclusions)).await.exited_with(1);
    some.stderr_contains([
        "left out 4 differences: schema jobs, sequence jobs.queue_id_seq, table jobs.queue, \
         table public.events_2025_02\n",
    ])
    .stdout_contains(["index public.tuning_idx of table public.users\n- CREATE INDEX"]);

    let index = [&exclusions[..], &["--exclude", "index:tuning_*"]].concat();
    let equal = plain.run(with(&index)).await.succeeded();
    assert_eq!(equal.stdout, "");
    let equal = plain.run(with(&[&index[..], &["--json"]].concat())).await.succeeded();
    let document = equal.json();
    assert_eq!(document["changes"], json!([]));
    let names: Vec<&str> = document["excluded"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|object| object["name"].as_str())
        .collect();
    assert_eq!(
        names,
        ["jobs", "jobs.queue_id_seq", "jobs.queue", "public.events_2025_02", "public.users"]
    );
}

#[tokio::test]
async fn a_change_of_a_partitioned_table_does_not_count_as_a_change_of_its_partition() {
    let (one, other) = (TestDatabase::empty().await, TestDatabase::empty().await);
    for database in [&one, &other] {
        execute(database.connection(), SCHEMA).await;
    }
    execute(one.connection(), "ALTER TABLE events ADD note text; DROP TABLE events_2025_01").await;
    let plain = Fixture::without_database("plain");
    let args = ["schema", "--exclude-partitions", "--diff", one.url(), other.url()];
    let differs = plain.run(args).await.exited_with(1);
    assert_eq!(differs.stdout, "column note of table public.events\n- note text\n");
    differs.stderr_contains(["left out 1 difference: table public.events_2025_01\n"]);
}

#[tokio::test]
async fn a_pattern_without_a_match_is_reported_and_an_invalid_one_is_refused() {
    let database = TestDatabase::empty().await;
    execute(database.connection(), SCHEMA).await;
    let plain = Fixture::without_database("plain");
    let same = ["schema", "--diff", database.url(), database.url(), "--exclude"];
    let run = plain.run([&same[..], &["table:public.evnts_*"]].concat()).await.succeeded();
    run.stderr_contains(["warning: `--exclude table:public.evnts_*` matches no object\n"]);
    let run = plain.run([&same[..], &["table:public.events_*"]].concat()).await.succeeded();
    assert_eq!(run.stderr, "");
    let run = plain.run([&same[..], &["tables:*"]].concat()).await.exited_with(2);
    run.stderr_contains(["`tables` is not a kind of object; the kinds are table, view"]);
    plain.run(["schema", "migrations", "--exclude", "x"]).await.exited_with(2);
}

#[tokio::test]
async fn the_server_of_the_url_serves_for_the_temporary_database() {
    let server = TestServer::start("");
    let url = server.url("shop");
    Fixture::new("plain", &url).run(["fresh-start"]).await.succeeded();
    let plain = Fixture::without_database("plain");
    for sides in [[url.as_str(), "migrations"], ["migrations", &url]] {
        let equal = plain.run(["schema", "--diff", sides[0], sides[1]]).await.succeeded();
        assert_eq!((equal.stdout.as_str(), equal.stderr.as_str()), ("", ""));
    }
    // DATABASE_URL comes first: its server may be the only one where the role may create a database.
    let elsewhere = TestDatabase::empty().await;
    execute(&connect(&url).await, "CREATE ROLE reader LOGIN PASSWORD 'reader'").await;
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let address = rest.split_once('@').map_or(rest, |(_, address)| address);
    let reader = format!("{scheme}://reader:reader@{address}");
    let diff = ["schema", "--diff", &reader, "migrations"];
    Fixture::new("plain", elsewhere.url()).run(diff).await.succeeded();
    plain.run(diff).await.exited_with(1).stderr_contains([
        "error: the command needs a temporary database, but the role `reader` may create none on `",
        "permission denied to create database",
        "hint: as an administrator, run `ALTER ROLE reader CREATEDB;`, or use a server on which the role may create databases: ",
    ]);
}

#[tokio::test]
async fn the_encodings_are_named_if_a_text_beyond_ascii_differs() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let latin = format!("{name}_latin1");
    let create = format!("CREATE DATABASE {latin} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    execute(db.connection(), &create).await;
    let url = db.url().replace(&name, &latin);
    let other = connect(&url).await;
    // The second comment is the one that psql stores for the same file if its client encoding is LATIN1.
    let comment = |text: &str| format!("CREATE TABLE t (); COMMENT ON TABLE t IS '{text}'");
    execute(db.connection(), &comment("Résumé")).await;
    execute(&other, &comment("RÃ©sumÃ©")).await;
    other.close().await.expect("the connection closes");

    let plain = Fixture::without_database("plain");
    let differs = plain.run(["schema", "--diff", db.url(), &url]).await.exited_with(1);
    execute(db.connection(), &format!("DROP DATABASE {latin}")).await;
    let differs = differs.stdout_contains([
        "- COMMENT ON TABLE public.t IS 'Résumé';\n+ COMMENT ON TABLE public.t IS 'RÃ©sumÃ©';",
    ]);
    assert_eq!(
        differs.stderr,
        "warning: the encodings are UTF8 and LATIN1, so texts beyond ASCII may differ because a file was loaded with \
         another `client_encoding`\n"
    );
}
