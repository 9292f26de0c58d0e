//! Tests servers that are older or newer than the tested versions.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, Proxy, text};

const VERSION: &str = "SELECT (current_setting('server_version_num')::int / 10000)::text";

const TABLES: &str = "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'";

#[tokio::test]
async fn a_newer_server_works_with_a_warning_that_it_is_untested() {
    let db = TestDatabase::empty().await;
    Fixture::new("plain", db.url()).run(["fresh-start"]).await.succeeded();
    let proxy = Proxy::pretending("27", db.url()).await;
    let fixture = Fixture::new("plain", proxy.url());
    let warning = "warning: PostgreSQL 27 is untested: 14 to 18 are supported\n";
    let mut commands = vec!["fresh-start", "migrate-up", "migrate-status", "seed-status", "schema"];
    // A command that changes the database uses a setting that only servers since version 17 know.
    if text(db.connection(), VERSION).await.parse::<i32>().is_ok_and(|major| major >= 17) {
        commands.extend(["seed-down", "fresh-start"]);
    }
    for command in commands {
        let done = fixture.run([command]).await.succeeded();
        assert_eq!(done.stderr, warning, "{command}");
    }
    let document = fixture.run(["migrate-up", "--json"]).await.succeeded();
    document.json();
    assert_eq!(document.stderr, warning);
}

#[tokio::test]
async fn an_older_server_is_refused_before_anything_happens() {
    let db = TestDatabase::empty().await;
    let proxy = Proxy::pretending("13", db.url()).await;
    let fixture = Fixture::new("plain", proxy.url());
    for command in ["fresh-start", "migrate-up", "migrate-status", "schema"] {
        let refused = fixture.run([command]).await.exited_with(1);
        refused.stderr_contains(["error: PostgreSQL 13.", " is too old: 14 to 18 are supported\nhint: upgrade the server, or set `DATABASE_URL` to another one\n"]);
    }
    assert_eq!(text(db.connection(), TABLES).await, "0");
}
