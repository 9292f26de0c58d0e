//! Tests roles that lack a privilege, on a server that accepts every connection.

use sea_orm::Database;
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, execute, texts};
use test_support::{TestServer, assert_snapshot, snapshot, url_with};

#[tokio::test]
async fn a_role_without_create_can_read_the_status_and_learns_which_privilege_it_lacks() {
    let server = TestServer::start("");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE alice LOGIN; CREATE ROLE \"read-only\" LOGIN").await;
    execute(&superuser, "REVOKE CREATE ON SCHEMA public FROM PUBLIC").await;
    let as_role = |role: &str| {
        let url = server.url("postgres").replace("postgres@", &format!("{role}@"));
        Fixture::new("plain", &url)
    };
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace";

    for role in ["alice", "read-only"] {
        let fixture = as_role(role);
        fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["4 pending\n"]);
        for args in [&["migrate-up"][..], &["migrate-up", "--dry-run"], &["fresh-start"]] {
            let refused = fixture.run(args).await.exited_with(1);
            assert_snapshot!(format!("what_to_grant_to_{role}"), refused.stderr);
            assert_eq!(texts(&superuser, tables).await, [""; 0], "nothing half-made");
        }
    }

    // The privileges that the hint names are sufficient.
    execute(&superuser, "GRANT CREATE, USAGE ON SCHEMA public TO alice").await;
    as_role("alice").run(["migrate-up"]).await.succeeded();

    // The other role can run the status as soon as it may read the history.
    let other = as_role("read-only");
    let refused = other.run(["migrate-status"]).await.exited_with(1);
    assert!(
        refused.stderr.starts_with(
            "error: the role `read-only` may not read the history: permission denied for table "
        ),
        "{refused}"
    );
    assert!(
        refused.stderr.ends_with(
            "\nhint: as the owner, run `GRANT SELECT ON seaql_migrations, seedbed_log TO \"read-only\";`\n"
        ),
        "{refused}"
    );
    execute(&superuser, "GRANT SELECT ON seaql_migrations, seedbed_log TO \"read-only\"").await;
    other.run(["migrate-status", "--exit-code"]).await.succeeded().stdout_contains(["4 applied\n"]);

    // The other role still changes nothing.
    let refused = other.run(["migrate-down"]).await.exited_with(1);
    refused.stderr_matches(snapshot!(
        "a_role_without_create_can_read_the_status_and_learns_which_privilege_it_lacks"
    ));
    other.run(["migrate-status", "--exit-code"]).await.succeeded();

    execute(&superuser, "REVOKE ALL ON SCHEMA public FROM PUBLIC").await;
    let refused = other.run(["migrate-down"]).await;
    refused.output_lacks(["error returned from database", " at line "]);
    let refused = other.run(["seed-up"]).await.exited_with(1);
    refused.stderr_matches(snapshot!(
        "a_role_without_create_can_read_the_status_and_learns_which_privilege_it_lacks_2"
    ));
}

#[tokio::test]
async fn each_schema_has_its_own_history() {
    let db = TestDatabase::empty().await;
    execute(db.connection(), "CREATE SCHEMA tenant").await;
    let tenant = url_with(db.url(), "options=-c%20search_path%3Dtenant");
    let nowhere = url_with(db.url(), "options=-c%20search_path%3Dnowhere");
    Fixture::new("plain", &tenant).run(["migrate-up"]).await.succeeded();
    Fixture::new("plain", &tenant).run(["migrate-status", "--exit-code"]).await.succeeded();
    Fixture::new("plain", db.url()).run(["migrate-status", "--exit-code"]).await.exited_with(3);
    let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
                  AND relnamespace = 'public'::regnamespace";
    assert_eq!(texts(db.connection(), tables).await, [""; 0]);

    let refused = Fixture::new("plain", &nowhere).run(["migrate-up"]).await.exited_with(1);
    let role = texts(db.connection(), "SELECT current_user::text").await.concat();
    let expected = snapshot!("each_schema_has_its_own_history");
    refused.stderr_matches(expected.replacing(&role, "[role]"));
}
