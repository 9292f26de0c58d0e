//! Tests that a hint spells commands as the user typed the running one: for make, for `seedbed`, or for the migrator.

use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, sql};
use test_support::assert_snapshot;

const FIRST: &str = "m20250101_000001_first";
const SECOND: &str = "m20250101_000002_second";

#[tokio::test]
async fn each_caller_gets_its_own_spelling_of_errors_warnings_and_json() {
    for caller in ["make", "seedbed", "migrator"] {
        let db = TestDatabase::empty().await;
        let project = |statement: &str| {
            let scripts = [sql(FIRST, ["SELECT 1"]), sql(SECOND, [statement]).no_transaction()];
            let fixture = Fixture::with_scripts(db.url(), scripts);
            // A migrator that a user starts directly does not have the variable.
            if caller == "migrator" {
                fixture
            } else {
                fixture.variable("SEEDBED_CALLED_BY", caller)
            }
        };
        execute(db.connection(), "CREATE TABLE things (id int)").await;
        let fixture = project("CREATE TABLE things (id int)");
        let error = fixture.run(["migrate-up"]).await.exited_with(1);
        let warning = fixture.run(["migrate-up", "--name", FIRST]).await.succeeded();
        let json = fixture.run(["migrate-down", "--name", "zzz", "--json"]).await.exited_with(1);
        let hint = &json.json()["hint"];
        let transcript = format!("{}\n{}\n{hint}\n", error.stderr, warning.stderr);
        assert_snapshot!(format!("hints_for_{caller}"), transcript);
    }
}

#[tokio::test]
async fn a_migrator_without_a_database_names_the_command_that_chooses_one() {
    let fixture = Fixture::without_database("plain");
    for (args, expected) in [
        (vec!["migrate-up"], "or `seedbed migrate-up`, which chooses the development database"),
        (vec!["migrate-verify"], "In development, run `seedbed migrate-verify`"),
        (vec!["schema", "migrations"], "`export DATABASE_URL=$(seedbed db-url)`"),
    ] {
        fixture.run(args).await.exited_with(2).stderr_contains([expected]);
    }
}
