//! Tests fourteen SeaORM migration files, each of another kind and unchanged, in one project with a file of Seedbed.

use sea_orm_migration::Migration;
use sea_orm_migration::prelude::*;
use seedbed_testdb::TestDatabase;

use test_fixture::migrator::sea_orm_files as files;
use test_fixture::{Fixture, text, texts};
use test_support::assert_snapshot;

/// The migrator of sea-orm-migration with the same files.
pub(super) struct Theirs;

#[async_trait::async_trait]
impl MigratorTrait for Theirs {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(files::m0000010_init::Migration),
            Box::new(files::m20230403_create_user::Migration),
            Box::new(files::m20230404_101500_create_post::Migration),
            Box::new(files::m20230405_093000_raw_sql::Migration),
            Box::new(files::m20230406_120000_post_status::Migration),
            Box::new(files::m20230407_080000_archived_status::Migration),
            Box::new(files::m20230408_070000_insert_accounts::Migration),
            Box::new(files::m20230409_110000_guarded::Migration),
            Box::new(files::m20230410_140000_fill_display_names::Migration),
            Box::new(files::m20230411_160000_by_hand::Migration),
            Box::new(files::m20230412_090000_nested::Migration),
            Box::new(files::m20230413_090000_index_concurrently::Migration),
            Box::new(files::m20230414_090000_alter_and_rename::Migration),
            Box::new(files::m20230415_090000_settings::Migration),
        ]
    }
}

/// The names of the files in the history. The last file has another name there than on disk.
const NAMES: [&str; 14] = [
    "m0000010_init",
    "m20230403_create_user",
    "m20230404_101500_create_post",
    "m20230405_093000_raw_sql",
    "m20230406_120000_post_status",
    "m20230407_080000_archived_status",
    "m20230408_070000_insert_accounts",
    "m20230409_110000_guarded",
    "m20230410_140000_fill_display_names",
    "m20230411_160000_by_hand",
    "m20230412_090000_nested",
    "m20230413_090000_index_concurrently",
    "m20230414_090000_alter_and_rename",
    "m20230415_settings_v2",
];

/// Returns every column, index, constraint, enum value, function and trigger that the SeaORM files create in the schema
/// `public`.
async fn structure(db: &TestDatabase) -> Vec<String> {
    let is_of_sea_orm_files =
        "NOT IN ('seaql_migrations', 'seaql_seeds', 'seedbed_log', 'm20250101_000001_rows')";
    texts(
        db.connection(),
        &format!(
            "SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name {is_of_sea_orm_files} \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename {is_of_sea_orm_files} \
             UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text {is_of_sea_orm_files} \
             UNION ALL SELECT enumlabel::text FROM pg_enum \
             UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
             UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        ),
    )
    .await
}

/// Returns the rows that the SeaORM files insert.
async fn rows(db: &TestDatabase) -> Vec<String> {
    let sql = "SELECT line FROM (SELECT concat_ws(' ', email, display_name, locale) AS line FROM account \
               UNION ALL SELECT concat_ws(' ', title, status) FROM article \
               UNION ALL SELECT name FROM tag) lines ORDER BY line COLLATE \"C\"";
    texts(db.connection(), sql).await
}

#[tokio::test]
async fn seaorm_files_create_the_same_database_as_in_seaorm() {
    // Seedbed migrates the first database, and SeaORM the second one.
    let (here, there) = (TestDatabase::empty().await, TestDatabase::empty().await);
    Theirs::up(there.connection(), None).await.expect("sea-orm-migration applies them");
    let up = Fixture::new("seaorm", here.url()).run(["migrate-up"]).await.succeeded();
    up.stdout_contains(["applied  m20230415_settings_v2 ", "15 migrations applied"]);
    assert_eq!(structure(&here).await, structure(&there).await);
    assert_eq!(rows(&here).await, rows(&there).await);
    assert_eq!(
        rows(&here).await,
        [
            "Notes; with 'quotes' draft",
            "ada@example.com ADA en",
            "grace@example.com GRACE en",
            "joan@example.com JOAN en",
            "rust",
        ]
    );

    // SeaORM refuses a history with a name that it does not know, so the name of the file of Seedbed is deleted.
    test_fixture::execute(
        here.connection(),
        "DELETE FROM seaql_migrations WHERE version = 'm20250101_000001_rows'",
    )
    .await;
    let applied =
        Theirs::get_applied_migrations(here.connection()).await.expect("SeaORM reads the history");
    assert_eq!(applied.iter().map(Migration::name).collect::<Vec<_>>(), NAMES);
}

#[tokio::test]
async fn seaorm_files_can_be_applied_one_by_one_and_reverted() {
    let db = TestDatabase::empty().await;
    let fixture = Fixture::new("seaorm", db.url());
    for (at, name) in NAMES.iter().enumerate() {
        let up = fixture.run(["migrate-up", "--step", "1"]).await.succeeded();
        assert!(up.stdout.starts_with(&format!("applied  {name} ")), "{up}");
        if at == 6 {
            fixture.run(["migrate-redo"]).await.succeeded();
        }
    }
    fixture
        .run(["fresh-start"])
        .await
        .succeeded()
        .stdout_contains(["1 migration applied, 1 seed applied"]);
    fixture
        .run(["migrate-status", "--exit-code"])
        .await
        .succeeded()
        .stdout_contains(["15 applied\n"]);

    fixture.run(["seed-down"]).await.succeeded();
    fixture.run(["migrate-redo", "--step", "15"]).await.succeeded();
    fixture.run(["migrate-down", "--to", "m20230404_101500_create_post"]).await.succeeded();
    let history = "SELECT version FROM seaql_migrations ORDER BY 1";
    assert_eq!(texts(db.connection(), history).await, NAMES[..2]);
    fixture.run(["migrate-down", "--all"]).await.succeeded();
    assert_eq!(structure(&db).await, [""; 0]);
    let states = "SELECT string_agg(DISTINCT result, ' ' ORDER BY result) FROM seedbed_log";
    assert_eq!(text(db.connection(), states).await, "done started statement");
}

#[tokio::test]
async fn a_prepared_query_works_before_and_after_its_table_changes() {
    // Two SeaORM files send the same query, which selects all columns of a table, and each of them adds a column.
    let db = TestDatabase::empty().await;
    let up = Fixture::new("same-query", db.url()).run(["migrate-up"]).await.succeeded();
    up.stdout_contains(["3 migrations applied"]);
}

#[tokio::test]
async fn two_files_with_the_same_name_are_refused_and_both_are_named() {
    let db = TestDatabase::empty().await;
    for command in ["migrate-status", "migrate-up", "fresh-start"] {
        let refused = Fixture::new("same-names", db.url()).run([command]).await.exited_with(1);
        assert_snapshot!(
            "two_files_with_the_same_name_are_refused_and_both_are_named",
            refused.stderr
        );
    }
}
