//! Tampers with a database in each way in which a run could have failed.

use seedbed::{Direction, ScriptKind};
use sqlx::{AssertSqlSafe, Executor as _};
use torture::check::{Reported, check_always, check_end, check_order};
use torture::runner::{Done, MigratorProgram};
use torture::server::DisturbedServer;
use torture::state::{DatabaseState, ScriptId};
use torture::undisturbed::{Undisturbed, drop_sql, template};

/// The changes to a database in which all scripts are applied, each with the fault that must be reported.
const TAMPERINGS: [(&str, &str); 16] = [
    ("DELETE FROM words WHERE id = 7", "public.words lacks: row (7,"),
    ("UPDATE totals SET words = words + 1 WHERE page_id = 3", "public.totals lacks: row (3,10)"),
    ("INSERT INTO notes VALUES (999, 'guest 11')", "public.notes has an extra line: row (999,"),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'words_name_key'::regclass",
        "valid f ready t",
    ),
    ("DROP INDEX pages_title_idx", "public.pages lacks: index"),
    (
        "CREATE INDEX words_length_name_idx_ccnew ON words (length, name)",
        "public.words has an extra line: index",
    ),
    (
        "UPDATE pg_inherits SET inhdetachpending = true WHERE inhrelid = 'events_2025'::regclass",
        "public.events_2025 has an extra line: child of events detach pending t",
    ),
    (
        "ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
        "public.events_2024 has an extra line: child of events",
    ),
    (
        "UPDATE pg_constraint SET convalidated = false WHERE conname = 'words_length_check'",
        "validated f",
    ),
    ("ALTER TABLE words ALTER length DROP NOT NULL", "public.words lacks: column 3 length"),
    (
        "CREATE PROCEDURE count_words() LANGUAGE sql AS ''",
        "function count_words() has an extra line",
    ),
    ("DROP TRIGGER trim_title ON pages", "public.pages lacks: trigger"),
    (
        "DELETE FROM seaql_migrations WHERE version = 'm20250101_000016_create_roles_and_notes'",
        "the log says that migration m20250101_000016_create_roles_and_notes is applied, but the history does not have it",
    ),
    (
        "DELETE FROM seedbed_log WHERE kind = 'seed' AND name = 'm20250101_000003_create_guests'",
        "seed m20250101_000003_create_guests is in the history, but the log does not say that it was applied",
    ),
    (
        "INSERT INTO seedbed_log (kind, name, direction, result, checksum, started_at, duration_ms, role, application, seedbed) \
         SELECT kind, name, direction, result, checksum, started_at, duration_ms, role, application, seedbed FROM seedbed_log \
         WHERE kind = 'seed' AND name = 'm20250101_000001_create_roles'",
        "the log says twice in a row that seed m20250101_000001_create_roles was applied",
    ),
    // This simulates a transactional script that committed without its row in the history.
    (
        "DELETE FROM seaql_seeds WHERE version = 'm20250101_000003_create_guests'; \
         DELETE FROM seedbed_log WHERE kind = 'seed' AND name = 'm20250101_000003_create_guests'",
        "public.roles has an extra line: row (10,guest)",
    ),
];

/// A server, and the states that undisturbed runs leave there.
struct RecordedServer {
    server: DisturbedServer,
    undisturbed: Undisturbed,
}

impl RecordedServer {
    async fn prepare() -> Self {
        let server = DisturbedServer::start().await.expect("a server starts");
        let migrator = MigratorProgram::at(env!("CARGO_BIN_EXE_torture-migrator").into());
        let undisturbed =
            Undisturbed::record(&server, &migrator, 1).await.expect("undisturbed runs succeed");
        Self { server, undisturbed }
    }

    /// Returns the state of a database in which the first `applied` scripts were applied, after the given statements.
    async fn tampered(&self, applied: usize, sql: &str) -> DatabaseState {
        let database = "tampered";
        self.server.clone_database(&template(applied), database).await.expect("a clone");
        let mut connection = self.server.connect(database).await.expect("a connection");
        let sql = format!("SET allow_system_table_mods = on; {sql}");
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(sql)))
            .await
            .expect("the tampering succeeds");
        let state = DatabaseState::read(&mut connection).await.expect("the state");
        sqlx::Connection::close(connection).await.expect("the connection closes");
        self.server.administer([drop_sql(database)]).await.expect("the clone is dropped");
        state
    }
}

fn migration(name: &str, direction: Direction) -> Done {
    let kind = ScriptKind::Migration;
    Done { script: ScriptId { kind, name: name.to_owned() }, direction }
}

#[tokio::test]
async fn every_tampering_is_reported() {
    let recorded = RecordedServer::prepare().await;
    let all = recorded.undisturbed.scripts.len();
    let goal = recorded.undisturbed.history(all);
    let nothing = Reported::default();
    let untouched = recorded.tampered(all, "SELECT 1").await;
    assert_eq!(check_end(&untouched, &goal, &recorded.undisturbed, &nothing), Vec::<String>::new());
    for (sql, expected) in TAMPERINGS {
        let faults =
            check_end(&recorded.tampered(all, sql).await, &goal, &recorded.undisturbed, &nothing);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{sql}: {faults:#?}");
    }
    reports_are_compared_with_the_log(&recorded, &untouched);
    a_script_out_of_order_is_reported(&recorded, &untouched);
    only_the_interrupted_script_may_be_half_done(&recorded).await;
    recorded.server.stop().await;
}

fn reports_are_compared_with_the_log(recorded: &RecordedServer, state: &DatabaseState) {
    let up = migration("m20250101_000005_unique_name_of_words", Direction::Up);
    let down = migration("m20250101_000005_unique_name_of_words", Direction::Down);
    for (done, expected) in [
        (vec![up.clone()], None),
        (vec![up.clone(), up.clone()], Some("reported 2 times, but happened 1 times")),
        (vec![down], Some("reported 1 times, but happened 0 times")),
    ] {
        let reported = Reported { done, log_before: 0 };
        let faults = check_always(state, &recorded.undisturbed, &reported);
        match expected {
            None => assert_eq!(faults, Vec::<String>::new()),
            Some(expected) => {
                assert!(faults.iter().any(|fault| fault.contains(expected)), "{faults:#?}")
            }
        }
    }
    let reported = Reported { done: vec![up], log_before: state.log.len() };
    assert_ne!(check_always(state, &recorded.undisturbed, &reported), Vec::<String>::new());
}

fn a_script_out_of_order_is_reported(recorded: &RecordedServer, state: &DatabaseState) {
    let mut order: Vec<Done> = recorded
        .undisturbed
        .scripts
        .iter()
        .map(|script| Done { script: script.clone(), direction: Direction::Up })
        .collect();
    assert_eq!(check_order(state, &order), Vec::<String>::new());
    order.swap(1, 2);
    assert_ne!(check_order(state, &order), Vec::<String>::new());
}

async fn only_the_interrupted_script_may_be_half_done(recorded: &RecordedServer) {
    let started = |number: usize| {
        let ScriptId { name, .. } = &recorded.undisturbed.scripts[number];
        format!(
            "INSERT INTO seedbed_log (kind, name, direction, result, checksum, started_at, duration_ms, role, application, seedbed) \
             VALUES ('migration', '{name}', 'up', 'started', '', now(), 0, '', '', '')"
        )
    };
    // The fourth script builds an index of `words`. No other effect of this script may exist, and no effect of any
    // other script that is not applied.
    let invalid = "CREATE INDEX words_length_name_idx ON words (length, name); \
                   UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'words_length_name_idx'::regclass";
    let nothing = Reported::default();
    let faults = async |sql: String| {
        check_always(&recorded.tampered(3, &sql).await, &recorded.undisturbed, &nothing)
    };
    assert_eq!(faults(format!("{}; {invalid}", started(3))).await, Vec::<String>::new());
    assert_ne!(faults(invalid.to_owned()).await, Vec::<String>::new());
    assert_ne!(
        faults(format!("{}; UPDATE authors SET name = 'nobody' WHERE id = 30", started(3))).await,
        Vec::<String>::new()
    );
    assert_ne!(faults(format!("{}; {}", started(3), started(4))).await, Vec::<String>::new());
    assert_ne!(faults(started(1)).await, Vec::<String>::new());
}
