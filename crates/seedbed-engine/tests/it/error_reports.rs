//! Tests the reports of failed runs, and of scripts that do what a script must not do.

use std::time::{Duration, Instant};

use seedbed_testdb::TestDatabase;

use test_fixture::{
    DatabaseSnapshot, Fixture, Gate, LONG_LOCK_TIMEOUT, ProcessOutput, execute, text, texts,
};
use test_support::{assert_snapshot, snapshot};

/// Creates a table, so that the database does not count as empty.
async fn create_table(db: &TestDatabase) {
    execute(db.connection(), "CREATE TABLE something (id int)").await;
}

#[tokio::test]
async fn a_failed_run_reports_the_applied_scripts_the_place_and_the_cause() {
    let db = TestDatabase::empty().await;
    create_table(&db).await;
    let fixture = Fixture::new("fails", db.url());
    let run = fixture.run(["migrate-up"]).await.exited_with(1);
    assert_snapshot!(
        "a_failed_run_reports_the_applied_scripts_the_place_and_the_cause",
        run.stderr
    );
    run.stdout_contains(["applied  m20250101_000001_rows", "applied  m20250101_000002_two"]);
    let state = DatabaseSnapshot::read(db.connection()).await;
    assert_eq!(state.migrations, ["m20250101_000001_rows", "m20250101_000002_two"]);
    assert!(!state.structure.iter().any(|line| line.contains("fails")), "{:?}", state.structure);
    let failed = "SELECT concat_ws(' ', name, direction) FROM seedbed_log WHERE result = 'failed'";
    assert_eq!(texts(db.connection(), failed).await, ["m20250101_000003_fails up"]);
    fixture.run(["migrate-status"]).await.succeeded().stdout_contains(["2 applied, 2 pending"]);
}

#[tokio::test]
async fn a_failed_run_prints_its_report_as_one_json_document() {
    let db = TestDatabase::empty().await;
    create_table(&db).await;
    let run = Fixture::new("fails", db.url()).run(["migrate-up", "--json"]).await.exited_with(1);
    let document = run.json();
    let names: Vec<_> = document["applied"]
        .as_array()
        .map(|done| done.iter().filter_map(|one| one["name"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(names, ["m20250101_000001_rows", "m20250101_000002_two"]);
    assert_eq!(document["applied"][0]["direction"], "up");
    assert_eq!(document["applied"][0]["kind"], "migration");
    assert!(document["applied"][0]["duration_ms"].is_u64(), "{document}");
    let error = document["error"].as_str().unwrap_or_default();
    assert!(
        error.starts_with("`up` of `m20250101_000003_fails` failed: column \"nam\""),
        "{error}"
    );
    assert!(document["hint"].as_str().is_some_and(|hint| hint.contains("Perhaps")), "{document}");
}

#[tokio::test]
async fn an_extension_that_the_server_lacks_is_named_with_its_package_and_its_image() {
    let db = TestDatabase::empty().await;
    let run = Fixture::new("extension", db.url()).run(["migrate-up"]).await.exited_with(1);
    // Each version of the server words the error differently.
    run.stderr_contains([
        "pgvector",
        "hint: the extension is called `vector`: write `schema.create_extension(\"vector\")`; install the extension",
        "the Debian package is `postgresql-<version>-pgvector`",
        "change `x-server-image` in docker-compose.yml to pgvector/pgvector:pg18",
    ]);
}

#[tokio::test]
async fn the_error_about_a_statement_timeout_names_the_flag_that_raises_it() {
    let db = TestDatabase::empty().await;
    create_table(&db).await;
    let fixture = Fixture::new("slow", db.url());
    fixture.run(["migrate-up", "--statement-timeout", "2s"]).await.exited_with(1).stderr_matches(
        snapshot!("the_error_about_a_statement_timeout_names_the_flag_that_raises_it"),
    );
}

#[tokio::test]
async fn a_run_with_a_closed_stdout_completes() {
    let db = TestDatabase::empty().await;
    create_table(&db).await;
    Fixture::new("plain", db.url())
        .start(["migrate-up"])
        .with_closed_stdout()
        .wait_with_output()
        .await
        .succeeded();
    assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations.len(), 4);
}

#[tokio::test]
async fn a_failed_script_without_a_transaction_may_leave_effects() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("fails_alone", db.url());
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_failed_script_without_a_transaction_may_leave_effects"));
    let status = fixture.run(["migrate-status"]).await.succeeded();
    status.stdout_contains([
        "m20250101_000002_fails  interrupted",
        "1 applied, 1 pending, 1 interrupted",
    ]);
    execute(db.connection(), "DROP TABLE m20250101_000002_fails").await;
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_failed_script_without_a_transaction_may_leave_effects_2"));
}

#[tokio::test]
async fn settings_of_a_script_do_not_reach_the_next_script() {
    for project in ["settings", "settings_at_once"] {
        let db = TestDatabase::empty().await;
        Fixture::new(project, db.url()).run(["migrate-up"]).await.succeeded();
        let settings = async |table: &str| {
            texts(db.connection(), &format!("SELECT name FROM public.{table} ORDER BY name")).await
        };
        let before = settings("m20250101_000001_before").await;
        assert!(before.contains(&"search_path = \"$user\", public".to_owned()), "{before:?}");
        assert_eq!(settings("m20250101_000003_after").await, before);
        if project == "settings" {
            assert_eq!(settings("m20250101_000005_after").await, before);
            assert_eq!(settings("m20250101_000007_after").await, before);
        }
        let schemas = "SELECT schemaname::text FROM pg_tables \
                       WHERE tablename IN ('seaql_migrations', 'seedbed_log')";
        assert_eq!(texts(db.connection(), schemas).await, ["public", "public"]);
        let elsewhere = "SELECT tableowner::text FROM pg_tables WHERE schemaname = 'elsewhere'";
        assert!(texts(db.connection(), elsewhere).await.contains(&"pg_monitor".to_owned()));
    }
}

/// Runs the project on a database with a table and on an empty one. Expects the run to fail, and calls `check` both times.
async fn run_on_both_databases(project: &str, check: impl AsyncFn(&TestDatabase, ProcessOutput)) {
    for is_empty in [false, true] {
        let db = TestDatabase::empty().await;
        if !is_empty {
            create_table(&db).await;
        }
        let run = Fixture::new(project, db.url()).run(["migrate-up"]).await.exited_with(1);
        check(&db, run).await;
    }
}

#[tokio::test]
async fn a_script_that_commits_its_transaction_is_reported() {
    for project in ["commits", "commits_and_begins"] {
        run_on_both_databases(project, async |db, run| {
            let run =
                run.stderr_matches(snapshot!("a_script_that_commits_its_transaction_is_reported"));
            let run = run.output_lacks(["none of its changes remain", "the connection"]);
            let state = DatabaseSnapshot::read(db.connection()).await;
            assert_eq!(state.migrations, ["m20250101_000001_rows"], "{run}");
            assert_eq!(state.done, ["migration m20250101_000001_rows up"], "{run}");
            run.stdout_contains(["applied  m20250101_000001_rows"]);
        })
        .await;
    }
}

#[tokio::test]
async fn a_script_that_rolls_back_its_transaction_is_reported() {
    run_on_both_databases("rolls_back", async |db, run| {
        let run =
            run.stderr_matches(snapshot!("a_script_that_rolls_back_its_transaction_is_reported"));
        let run = run.output_lacks(["none of its changes remain", "the connection"]);
        assert_eq!(
            DatabaseSnapshot::read(db.connection()).await.migrations,
            ["m20250101_000001_rows"],
            "{run}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_a_script_leaves_open_is_reported() {
    let db = TestDatabase::empty().await;
    Fixture::new("leaves_open", db.url())
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_transaction_that_a_script_leaves_open_is_reported"));
    let state = DatabaseSnapshot::read(db.connection()).await;
    assert_eq!(state.migrations, ["m20250101_000001_rows"]);
    assert!(!state.structure.iter().any(|line| line.contains("leaves")), "{:?}", state.structure);
}

#[tokio::test]
async fn a_seaorm_file_that_sends_a_statement_beside_its_transaction_fails_soon_and_says_so() {
    let db = TestDatabase::empty().await;
    let started_at = Instant::now();
    let run = Fixture::new("beside_as_sea_orm", db.url()).run(["migrate-up"]).await.exited_with(1);
    // The pool of SeaORM would wait for 30 s.
    assert!(started_at.elapsed() < Duration::from_secs(25), "{:?}", started_at.elapsed());
    run.stderr_matches(snapshot!("a_statement_beside_the_transaction_of_a_sea_orm_file"));
    let state = DatabaseSnapshot::read(db.connection()).await;
    assert_eq!(state.migrations, ["m20250101_000001_rows"]);
    assert!(!state.structure.iter().any(|line| line.contains("beside")), "{:?}", state.structure);
}

const SUPPRESSORS: [&str; 2] = [
    "CREATE FUNCTION suppress() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
     CREATE TRIGGER \"Only me\" BEFORE INSERT ON seaql_migrations FOR EACH ROW EXECUTE FUNCTION suppress()",
    "CREATE RULE nothing AS ON INSERT TO seaql_migrations DO INSTEAD NOTHING",
];

#[tokio::test]
async fn a_trigger_or_rule_that_suppresses_the_row_of_a_script_is_named() {
    for (suppressor, kind) in SUPPRESSORS.into_iter().zip(["trigger", "rule"]) {
        let db = TestDatabase::empty().await;
        let fixture = Fixture::new("plain", db.url());
        fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        execute(db.connection(), suppressor).await;
        let up = fixture.run(["migrate-up"]).await.exited_with(1);
        up.stderr_matches(snapshot!(format!("a_{kind}_suppresses_the_row_of_a_script")));
        let name = "m20250101_000002_two";
        let repair = fixture.run(["migrate-repair", "--applied", name]).await.exited_with(1);
        repair.stderr_matches(snapshot!(format!("a_{kind}_suppresses_a_repair")));
        let state = DatabaseSnapshot::read(db.connection()).await;
        assert_eq!(state.migrations, ["m20250101_000001_rows"]);
    }
}

#[tokio::test]
async fn a_script_that_frees_all_advisory_locks_is_not_applied() {
    for is_empty in [false, true] {
        let db = TestDatabase::empty().await;
        if !is_empty {
            create_table(&db).await;
        }
        let fixture = Fixture::new("frees_locks", db.url());
        let gate = Gate::close(db.connection(), 1).await;
        let first = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
        gate.reached(db.connection()).await;
        // The lock is free, so the second runner takes it, and then waits at the gate or for the tables.
        let second = fixture.start(["migrate-up", LONG_LOCK_TIMEOUT]);
        let both = "2 = (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name = 'seedbed migrate-up' AND wait_event_type = 'Lock')";
        test_fixture::wait_until(db.connection(), both).await;
        gate.open().await;
        for run in [first.wait_with_output().await, second.wait_with_output().await] {
            run.exited_with(1)
                .error_matches(snapshot!("a_script_that_frees_all_advisory_locks_is_not_applied"));
        }
        let done = "SELECT string_agg(name, ' ') FROM seedbed_log WHERE result = 'done'";
        assert_eq!(text(db.connection(), done).await, "m20250101_000001_rows");
    }
}

#[tokio::test]
async fn a_script_that_panics_is_reported_and_rolled_back() {
    for project in ["panics", "panics_as_sea_orm"] {
        for is_empty in [false, true] {
            let db = TestDatabase::empty().await;
            if !is_empty {
                create_table(&db).await;
            }
            let fixture = Fixture::new(project, db.url());
            let run = fixture.run(["migrate-up"]).await.exited_with(1).stderr_matches(snapshot!(
                format!("a_script_of_the_project_{project}_is_rolled_back")
            ));
            assert_eq!(run.stderr.matches("error: ").count(), 1, "{run}");
            let state = DatabaseSnapshot::read(db.connection()).await;
            assert_eq!(state.migrations, ["m20250101_000001_rows"], "{run}");
            let left = state.structure.iter().any(|line| line.contains("panics"));
            assert!(!left, "{:?}", state.structure);
            let json = fixture.run(["migrate-up", "--json"]).await.exited_with(1).json();
            assert!(
                json["error"]
                    .as_str()
                    .is_some_and(|error| error.contains("the script panicked at"))
            );
        }
    }
}

#[tokio::test]
async fn a_script_without_a_transaction_that_panics_is_interrupted() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("panics_alone", db.url());
    fixture
        .run(["migrate-up"])
        .await
        .exited_with(1)
        .stderr_matches(snapshot!("a_script_without_a_transaction_that_panics_is_interrupted"));
    fixture
        .run(["migrate-status"])
        .await
        .succeeded()
        .stdout_contains(["m20250101_000002_panics  interrupted"]);
}

#[tokio::test]
async fn a_deferred_constraint_that_fails_at_commit_is_the_error_of_its_script() {
    let db = TestDatabase::empty().await;
    create_table(&db).await;
    let fixture = Fixture::new("deferred_violation", db.url());
    fixture.run(["migrate-up"]).await.exited_with(1).stderr_matches(snapshot!(
        "a_deferred_constraint_that_fails_at_commit_is_the_error_of_its_script"
    ));
    assert_eq!(DatabaseSnapshot::read(db.connection()).await.migrations, ["m20250101_000001_rows"]);
}
