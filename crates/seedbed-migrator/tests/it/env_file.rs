//! Tests that the `.env` file counts as the environment, and is never read in production.

use seedbed_testdb::TestDatabase;
use tempfile::TempDir;

use test_fixture::{Fixture, text, texts};
use test_support::snapshot;

use crate::support::{SECRET, assert_refused};

/// Creates a folder with a `.env` file.
fn folder(env: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), env).expect("a file");
    folder
}

#[tokio::test]
async fn the_environment_overrides_the_file() {
    let db = TestDatabase::empty().await;
    let env = folder(&format!("# ours\nDATABASE_URL='{}'\nexport APP_ENV=test\n", db.url()));
    std::fs::create_dir(env.path().join("below")).expect("a folder");
    let below = env.path().join("below");
    for folder in [env.path(), below.as_path()] {
        let fixture = Fixture::without_database("plain-environments").folder(folder);
        let status = fixture.run(["migrate-status", "--json"]).await.succeeded().json();
        assert_eq!(status["environment"], "test");
    }
    let fixture = Fixture::without_database("plain-environments").folder(env.path());
    fixture.run(["fresh-start"]).await.succeeded();
    let seeds = "SELECT version FROM seaql_seeds ORDER BY 1";
    assert_eq!(
        texts(db.connection(), seeds).await,
        ["m20250101_000001_everywhere", "m20250101_000003_test"]
    );
    let development = fixture.clone().variable("APP_ENV", "development");
    let status = development.run(["seed-status"]).await.succeeded();
    status.stdout_contains(["m20250101_000002_development"]);
    let flag = fixture.run(["seed-status", "--env", "staging", "--json"]).await.succeeded();
    assert_eq!(flag.json()["environment"], "staging");

    let elsewhere = Fixture::new("plain", "mysql://x").folder(env.path());
    assert_refused(elsewhere.run(["migrate-up"]).await, 2)
        .stderr_contains(["it begins with `mysql://`"]);
}

#[tokio::test]
async fn the_file_is_never_read_in_production() {
    let db = TestDatabase::empty().await;
    for env in [format!("DATABASE_URL={}\n", db.url()), "not a variable\n".to_owned()] {
        let env = folder(&env);
        let fixture = Fixture::without_database("plain").folder(env.path());
        let flag = fixture.run(["migrate-up", "--env", "production"]).await;
        let variable = fixture.variable("APP_ENV", "production").run(["migrate-up"]).await;
        for finished in [flag, variable] {
            assert_refused(finished, 2)
                .stderr_matches(snapshot!("the_file_is_never_read_in_production"));
        }
    }
    let env = folder(&format!("APP_ENV=production\nDATABASE_URL={}\n", db.url()));
    let finished = Fixture::without_database("plain").folder(env.path()).run(["migrate-up"]).await;
    assert_refused(finished, 2).stderr_matches(snapshot!("production_in_the_file"));
}

#[tokio::test]
async fn a_malformed_line_is_reported_without_its_text() {
    for line in [
        format!("DATABASE_URL=postgres://app:{SECRET} x@h/app"),
        format!("postgres://app:{SECRET}@h/app"),
        format!("postgres://app:{SECRET}=@h/app x"),
        format!("PASSWORD='{SECRET}"),
    ] {
        let env = folder(&format!("OTHER=1\n{line}\n"));
        let fixture = Fixture::without_database("plain").folder(env.path());
        let finished = assert_refused(fixture.run(["migrate-up"]).await, 2);
        let folder = env.path().display().to_string();
        let snapshot = snapshot!("a_malformed_line_is_reported_without_its_text");
        finished.clone().stderr_matches(snapshot.replacing(&folder, "[folder]"));
    }
    let env = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(env.path().join(".env")).expect("a folder");
    let fixture = Fixture::without_database("plain").folder(env.path());
    assert_refused(fixture.run(["migrate-up"]).await, 2);
}

#[tokio::test]
async fn a_dollar_that_names_no_variable_stays_and_the_first_of_two_lines_counts() {
    let db = TestDatabase::empty().await;
    let name = text(db.connection(), "SELECT current_database()::text").await;
    let url = db.url().replacen(&name, "ab$defgh$", 1);
    let named = url.replacen("ab$defgh$", "ab${NAME}", 1);
    for (lines, database) in [
        (format!("DATABASE_URL={url}\n"), "ab$defgh$"),
        (format!("DATABASE_URL=\"{url}\"\n"), "ab$defgh$"),
        (format!("DATABASE_URL='{url}'\n"), "ab$defgh$"),
        (format!("DATABASE_URL={url}\nDATABASE_URL={}\n", db.url()), "ab$defgh$"),
        (format!("NAME=of_ours\nDATABASE_URL={named}\n"), "abof_ours"),
    ] {
        let env = folder(&lines);
        let fixture = Fixture::without_database("plain").folder(env.path());
        let finished = assert_refused(fixture.run(["migrate-status"]).await, 1);
        finished.stderr_contains([&format!("error: the database `{database}` does not exist at ")]);
    }
}
