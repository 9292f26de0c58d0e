//! Tests that the history has exactly the applied scripts after any sequence of commands, and that SeaORM agrees.

use std::collections::BTreeSet;

use sea_orm_migration::Migration;
use sea_orm_migration::prelude::*;
use seedbed_testdb::TestDatabase;

use test_fixture::{Fixture, texts};

const NAMES: [&str; 6] = [
    "m0000010_init",
    "m20230403_create_user",
    "m20240101_000000_ours",
    "m20240102_000000_theirs",
    "m20240103_000000_alone",
    "m20240104_000000_last",
];

/// A migration of which SeaORM needs only the name.
struct Named(&'static str);

impl MigrationName for Named {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "with `SchemaManager<'_>`, `async_trait` generates a signature that differs from the trait's"
)]
impl MigrationTrait for Named {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("only its name is used".to_owned()))
    }
}

/// SeaORM's own migrator for the same names.
struct SeaOrmMigrator;

#[async_trait::async_trait]
impl MigratorTrait for SeaOrmMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        NAMES.into_iter().map(|name| Box::new(Named(name)) as Box<dyn MigrationTrait>).collect()
    }
}

/// A small random number generator that returns the same sequence in every run.
struct Numbers(u64);

impl Numbers {
    /// Returns a number that is smaller than `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}

/// Applies the effect of a command to the set of applied scripts. Returns false if the command is refused. `command` is the
/// number of the command in the test below.
fn expect(
    applied: &mut BTreeSet<&'static str>,
    command: usize,
    step: usize,
    name: &'static str,
) -> bool {
    let pending: Vec<_> = NAMES.into_iter().filter(|name| !applied.contains(name)).collect();
    let newest: Vec<_> = applied.iter().rev().copied().collect();
    match command {
        0 => applied.extend(pending.into_iter().take(step)),
        1 => applied.extend(pending.into_iter().filter(|other| *other <= name)),
        2 => applied.extend([name]),
        3 => {
            for name in newest.into_iter().take(step) {
                applied.remove(name);
            }
        }
        4 | 5 if !applied.contains(name) => return false,
        4 => applied.retain(|other| *other < name),
        5 => {
            applied.remove(name);
        }
        _ => {}
    }
    true
}

#[tokio::test]
async fn seaorms_table_lists_exactly_the_applied_scripts_after_any_commands() {
    let db = TestDatabase::empty().await;
    SeaOrmMigrator::install(db.connection()).await.expect("SeaORM creates its table");
    let fixture = Fixture::new("mixed", db.url());
    let mut numbers = Numbers(2026);
    let mut expected: BTreeSet<&'static str> = BTreeSet::new();
    let mut refused = 0;
    for _ in 0..40 {
        let (command, step) = (numbers.below(7), 1 + numbers.below(3));
        let name = NAMES[numbers.below(NAMES.len())];
        let steps = step.to_string();
        let args = match command {
            0 => ["migrate-up", "--step", &steps],
            1 => ["migrate-up", "--to", name],
            2 => ["migrate-up", "--name", name],
            3 => ["migrate-down", "--step", &steps],
            4 => ["migrate-down", "--to", name],
            5 => ["migrate-down", "--name", name],
            _ => ["migrate-redo", "--step", &steps],
        };
        let before = expected.clone();
        let succeeds = expect(&mut expected, command, step, name);
        refused += usize::from(!succeeds);
        let finished = fixture.run(args).await.exited_with(i32::from(!succeeds));

        let history = "SELECT version FROM seaql_migrations ORDER BY 1";
        let recorded = texts(db.connection(), history).await;
        assert!(recorded.iter().eq(expected.iter()), "{before:?}: {finished}");
        // Each of these scripts creates a table with the name of the script.
        let tables = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname ~ '^m[0-9]' \
                      ORDER BY relname COLLATE \"C\"";
        assert_eq!(texts(db.connection(), tables).await, recorded, "{before:?}: {finished}");

        let theirs =
            SeaOrmMigrator::get_applied_migrations(db.connection()).await.expect("SeaORM's status");
        assert!(theirs.iter().map(Migration::name).eq(expected.iter().copied()), "{finished}");
        let theirs =
            SeaOrmMigrator::get_pending_migrations(db.connection()).await.expect("SeaORM's status");
        assert_eq!(theirs.len(), NAMES.len() - expected.len());
        let status = fixture.run(["migrate-status", "--json"]).await.succeeded().json();
        let ours = status["scripts"].as_array().expect("a list").iter();
        let ours = ours.filter(|script| script["state"] == "applied").count();
        assert_eq!(ours, expected.len(), "{status}");
    }
    // The sequence is only useful if it has commands that succeed and commands that are refused.
    assert!((3..30).contains(&refused), "{refused} of 40 commands were refused");
}
