//! Tests the check of the schema that a backend makes when it starts.

use sea_orm::TransactionTrait as _;
use seedbed_engine::{Name, SchemaCheckError, ensure_schema_is_current};
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, catalog, execute, migrated_database, texts};

const NAMES: [&str; 4] = [
    "m20250101_000001_rows",
    "m20250101_000002_two",
    "m20250101_000003_three",
    "m20250101_000004_four",
];

#[tokio::test]
async fn additional_applied_migrations_do_not_make_a_schema_outdated() {
    let db = migrated_database("plain").await;
    for names in [&NAMES[..], &NAMES[..2], &[]] {
        ensure_schema_is_current(db.connection(), names).await.expect("the schema is current");
    }
}

#[tokio::test]
async fn pending_migrations_are_listed_with_the_command_that_applies_them() {
    let db = TestDatabase::empty().await;
    let error = ensure_schema_is_current(db.connection(), &NAMES[..1])
        .await
        .expect_err("the database is empty");
    assert_eq!(
        error.to_string(),
        "the schema is not current: 1 migration is pending: `m20250101_000001_rows`; \
         `migrate-up` applies it"
    );
    Fixture::new("plain-one-and-three", db.url()).run(["migrate-up"]).await.succeeded();
    let error =
        ensure_schema_is_current(db.connection(), &NAMES).await.expect_err("two are pending");
    assert_eq!(
        error.to_string(),
        "the schema is not current: 2 migrations are pending: `m20250101_000002_two`, \
         `m20250101_000004_four`; `migrate-up` applies them"
    );
    let SchemaCheckError::Pending { pending } = error else { panic!("{error:?}") };
    assert_eq!(pending, [NAMES[1], NAMES[3]].map(Name::from_static));
}

#[tokio::test]
async fn the_schema_check_takes_no_lock_and_writes_nothing() {
    for db in [TestDatabase::empty().await, migrated_database("plain").await] {
        let before = catalog(db.connection()).await;
        let reader = db.connection().begin().await.expect("a transaction");
        execute(&reader, "SET TRANSACTION READ ONLY").await;
        match ensure_schema_is_current(&reader, &NAMES).await {
            Ok(()) => {}
            Err(SchemaCheckError::Pending { pending }) => {
                assert_eq!(pending, NAMES.map(Name::from_static))
            }
            Err(error) => panic!("{error}"),
        }
        let locks = "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() \
                     AND locktype <> 'virtualxid' AND mode <> 'AccessShareLock'";
        assert_eq!(texts(&reader, locks).await, [""; 0]);
        reader.rollback().await.expect("the end");
        assert_eq!(catalog(db.connection()).await, before);
    }
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_an_error_of_its_own() {
    let db = migrated_database("plain").await;
    execute(db.connection(), "ALTER TABLE seaql_migrations RENAME COLUMN version TO name").await;
    let error = ensure_schema_is_current(db.connection(), &NAMES)
        .await
        .expect_err("the history cannot be read");
    assert!(matches!(error, SchemaCheckError::Database(_)), "{error:?}");
    assert_eq!(error.to_string(), "failed to check whether the schema is current");
}
