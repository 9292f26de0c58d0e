//! Tests malformed URLs, and the parameters of a URL.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, sql, texts};
use test_support::{assert_snapshot, snapshot, url_with};

use crate::support::{SECRET, assert_refused};

/// The malformed URLs, with `SECRET` in place of each password.
const MALFORMED: [&str; 47] = [
    "SECRET",
    " ",
    "postgres",
    "postgres:",
    "postgres:/",
    "postgres:SECRET@host/app",
    "postgres:/u:SECRET@host/app",
    "postgres//u:SECRET@host/app",
    "postgres:\\\\u:SECRET@host\\app",
    "host=127.0.0.1 user=u password=SECRET dbname=app",
    "password=SECRET url=postgres://host/app",
    "u:SECRET@host/app",
    "//u:SECRET@host/app",
    "://u:SECRET@host/app",
    "mysql://u:SECRET@host/app",
    "https://u:SECRET@host/app",
    "sqlite::memory:",
    "jdbc:postgresql://host/app?user=u&password=SECRET",
    "postgres+ssl://u:SECRET@host/app",
    "postgress://u:SECRET@host/app",
    "\"postgres://u:SECRET@host/app\"",
    "'postgres://u:SECRET@host/app'",
    "DATABASE_URL=postgres://u:SECRET@host/app",
    "$DATABASE_URL",
    "postgres://:SECRET@",
    "postgres://u:SECRET@",
    "postgres://u:SECRET@/app",
    "postgres://u:SECRET@:5432/app",
    "postgres://@/",
    "postgres://u:SECRET@host:port/app",
    "postgres://u:SECRET@host:99999/app",
    "postgres://u:SECRET@host:-1/app",
    "postgres://u:SECRET@host:54 32/app",
    "postgres://u:SECRET@host:5432:5433/app",
    "postgres://u:SECRET@ho st/app",
    "postgres://u:SECRET@[::1/app",
    "postgres://u:SECRET@[here]/app",
    "postgres://u:SECRET@host/app?port=0x1538",
    "postgres://u:SECRET@host/app?hostaddr=host",
    "postgres://u:SECRET@host/app?statement-cache-capacity=many",
    "postgres://u:12/SECRET@host/app",
    "postgres://u:12#SECRET@host/app",
    "postgres://u:12?SECRET@host/app",
    "postgres://u:SECRET/x@host/app",
    "postgres://u:%ffSECRET@host/app",
    "postgres://u:%00SECRET@host/app",
    "postgres://u:SECRET@host/app%00",
];

#[tokio::test]
async fn a_malformed_url_is_one_line_and_a_hint_and_never_a_panic() {
    let running: Vec<_> = MALFORMED
        .iter()
        .map(|url| {
            let url = url.replace("SECRET", SECRET);
            let fixture = Fixture::without_database("plain").variable("RUST_BACKTRACE", "1");
            // About half of the URLs are passed in the environment, and the others on the command line.
            if url.len() % 2 == 0 {
                fixture.variable("DATABASE_URL", &url).start(["migrate-up", "--wait", "0s"])
            } else {
                fixture.start(["fresh-start", "--wait", "0s", "--database-url", &url])
            }
        })
        .collect();
    let mut errors = Vec::new();
    for (url, running) in MALFORMED.iter().zip(running) {
        let finished = assert_refused(running.wait_with_output().await, 2);
        assert_eq!(finished.stderr.lines().count(), 2, "{url}: {finished}");
        assert_eq!(finished.stdout, "", "{url}");
        errors.push(format!("{url:?}\n{}", finished.stderr));
    }
    assert_snapshot!("malformed_urls", errors.join("\n"));
}

#[tokio::test]
async fn a_variable_that_is_not_unicode_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let output = tokio::process::Command::new(Fixture::program())
        .arg("migrate-up")
        .env("DATABASE_URL", std::ffi::OsStr::from_bytes(b"postgres://u:\xff\xfe@h/app"))
        .output()
        .await
        .expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.starts_with("error: invalid UTF-8"), "{stderr}");
}

#[tokio::test]
async fn a_schema_in_the_url_is_the_one_that_is_migrated() {
    for parameter in [
        "schema=billing",
        "search_path=billing",
        "currentSchema=billing",
        "search_path=billing,%20public",
        "options=-csearch_path%3Dbilling",
        "options=-c+search_path%3Dbilling",
    ] {
        let db = TestDatabase::empty().await;
        execute(db.connection(), "CREATE SCHEMA billing").await;
        let scripts = [sql("m20250101_000001_invoices", ["CREATE TABLE invoices (id int)"])];
        let fixture = Fixture::with_scripts(&url_with(db.url(), parameter), scripts);
        fixture.run(["migrate-up"]).await.succeeded();
        let tables = "SELECT schemaname || '.' || tablename FROM pg_tables \
            WHERE schemaname IN ('billing', 'public') ORDER BY 1";
        assert_eq!(
            texts(db.connection(), tables).await,
            ["billing.invoices", "billing.seaql_migrations", "billing.seedbed_log"],
            "{parameter}"
        );
        fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    }
    let db = TestDatabase::empty().await;
    let missing = Fixture::new("plain", &url_with(db.url(), "schema=billing"));
    let finished = assert_refused(missing.run(["migrate-up"]).await, 1);
    let role = texts(db.connection(), "SELECT current_user::text").await.concat();
    let expected = snapshot!("a_schema_in_the_url_is_the_one_that_is_migrated");
    finished.stderr_matches(expected.replacing(&role, "[role]"));
}

#[tokio::test]
async fn an_unknown_url_parameter_is_refused_unless_it_is_harmless() {
    let mut errors = Vec::new();
    for parameter in [
        "service=main",
        "sslmode=sometimes",
        "sslmode=",
        "database=other",
        "target_session_attrs=standby",
        "schema=a&search_path=b",
    ] {
        let url = format!("postgres://u:{SECRET}@host/app?{parameter}");
        let finished = assert_refused(Fixture::new("plain", &url).run(["migrate-up"]).await, 2);
        errors.push(format!("{parameter}\n{}", finished.stderr));
    }
    assert_snapshot!("unsupported_parameters", errors.join("\n"));
    let db = TestDatabase::empty().await;
    for parameter in [
        "channel_binding=prefer&connect_timeout=10&keepalives_idle=30&gssencmode=disable",
        "pgbouncer=true&connection_limit=1&pool_timeout=5&statement_cache_size=0&schema=public",
        "target_session_attrs=read-write",
        "target_session_attrs=primary",
        "target_session_attrs=any",
    ] {
        let fixture = Fixture::new("plain", &url_with(db.url(), parameter));
        let finished = fixture.run(["migrate-up"]).await.succeeded();
        assert_eq!(finished.stderr, "", "{parameter}");
    }
}

#[tokio::test]
async fn several_hosts_are_refused_at_once() {
    for url in [
        "postgres://u:SECRET@one:5432,two:5432/app",
        "postgres://u:SECRET@one,two/app",
        "postgres:///app?host=one,two&user=u&password=SECRET",
        "postgres://u:SECRET@one/app?port=5432,5433",
    ] {
        let fixture = Fixture::new("plain", &url.replace("SECRET", SECRET));
        let finished = assert_refused(fixture.run(["migrate-up"]).await, 2);
        finished.stderr_matches(snapshot!("several_servers"));
    }
}

#[tokio::test]
async fn a_libpq_variable_that_selects_another_server_is_refused() {
    let db = TestDatabase::empty().await;
    let mut errors = Vec::new();
    for (name, value) in
        [("PGSERVICE", "main"), ("PGHOSTADDR", "10.0.0.1"), ("PGTARGETSESSIONATTRS", "standby")]
    {
        let fixture = Fixture::new("plain", db.url()).variable(name, value);
        let finished = assert_refused(fixture.run(["migrate-up"]).await, 2);
        errors.push(format!("{name}={value}\n{}", finished.stderr));
    }
    assert_snapshot!("refused_variables", errors.join("\n"));
    let primary = Fixture::new("plain", db.url()).variable("PGTARGETSESSIONATTRS", "primary");
    primary.run(["migrate-up"]).await.succeeded();
}

#[tokio::test]
async fn a_variable_of_libpq_completes_the_url() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE SCHEMA billing").await;
    let scripts = [sql("m20250101_000001_invoices", ["CREATE TABLE invoices (id int)"])];
    let by_variable =
        Fixture::with_scripts(db.url(), scripts).variable("PGOPTIONS", "-csearch_path=billing");
    by_variable.run(["migrate-up"]).await.succeeded();
    let schema = "SELECT schemaname::text FROM pg_tables WHERE tablename = 'invoices'";
    assert_eq!(texts(db.connection(), schema).await, ["billing"]);
    let twice = Fixture::new("plain", &url_with(db.url(), "schema=public"))
        .variable("PGOPTIONS", "-csearch_path=billing");
    let finished = assert_refused(twice.run(["migrate-up"]).await, 2);
    finished.stderr_matches(snapshot!("a_variable_of_libpq_completes_the_url"));
}
