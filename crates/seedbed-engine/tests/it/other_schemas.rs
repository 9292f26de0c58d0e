//! Tests that a changed search path does not silently begin a second history.

use sea_orm::ConnectionTrait;
use seedbed_testdb::TestDatabase;
use test_support::{snapshot, url_with};

use test_fixture::{Fixture, execute, text, texts};

/// The command lines that would create a history.
const BEGINS: [&[&str]; 5] = [
    &["migrate-up"],
    &["migrate-up", "--ignore-other-history"],
    &["migrate-up", "--dry-run"],
    &["fresh-start"],
    &["migrate-repair", "--applied", "m20250101_000001_one"],
];

async fn tables_in_public(connection: &impl ConnectionTrait) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
               AND relnamespace = 'public'::regnamespace";
    texts(connection, sql).await
}

#[tokio::test]
async fn a_changed_search_path_does_not_begin_a_second_history() {
    let db = TestDatabase::empty().await;
    let database = text(db.connection(), "SELECT quote_ident(current_database())").await;
    execute(db.connection(), "CREATE SCHEMA shop").await;
    execute(db.connection(), &format!("ALTER DATABASE {database} SET search_path = shop")).await;
    let fixture = Fixture::new("plain", db.url());
    fixture.run(["migrate-up"]).await.succeeded();
    execute(db.connection(), &format!("ALTER DATABASE {database} RESET search_path")).await;

    for args in BEGINS {
        let refused = fixture.run(args).await.exited_with(1);
        refused.stderr_matches(snapshot!("the_history_is_in_another_schema"));
    }
    let status = fixture.run(["migrate-status", "--exit-code"]).await.exited_with(3);
    status.stderr_matches(snapshot!("the_status_while_the_history_is_in_another_schema"));
    assert_eq!(tables_in_public(db.connection()).await, [""; 0]);

    // The parameters that the hint names.
    let continues = url_with(db.url(), "options=-csearch_path%3Dshop");
    let status = Fixture::new("plain", &continues).run(["migrate-status", "--exit-code"]).await;
    status.succeeded().output_lacks(["warning"]);
    let begins = url_with(db.url(), "options=-csearch_path%3Dpublic");
    Fixture::new("plain", &begins).run(["migrate-up"]).await.succeeded();
    // From now on, the current schema has a history.
    let status = fixture.run(["migrate-status", "--exit-code"]).await.succeeded();
    status.output_lacks(["warning"]);
}

#[tokio::test]
async fn a_history_of_sea_orm_in_another_schema_counts_too() {
    let db = TestDatabase::empty().await;
    let history = "CREATE SCHEMA \"Old App\"; CREATE TABLE \"Old App\".seaql_migrations \
                   (version varchar PRIMARY KEY, applied_at bigint NOT NULL)";
    execute(db.connection(), history).await;
    let run = Fixture::new("plain", db.url()).run(["migrate-up"]).await.exited_with(1);
    run.stderr_contains(["`options=-csearch_path%3D%22Old%5C%20App%22` continues the history"]);
    let url = url_with(db.url(), "options=-csearch_path%3D%22Old%5C%20App%22");
    Fixture::new("plain", &url).run(["migrate-up"]).await.succeeded();
    assert_eq!(tables_in_public(db.connection()).await, [""; 0]);
}
