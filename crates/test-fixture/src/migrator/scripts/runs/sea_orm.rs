//! Scripts in SeaORM's format that wait, take long, or do what a script must not do.
#![expect(
    elided_lifetimes_in_paths,
    reason = "with `SchemaManager<'_>`, `async_trait` generates a signature that differs from the trait's"
)]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};

use super::{ALTER, CHANGES};

/// Defines a migration for each name, and implements `MigrationName` for it.
macro_rules! named {
    ($($migration:ident = $name:literal),* $(,)?) => {
        $(
            pub(crate) struct $migration;

            impl MigrationName for $migration {
                fn name(&self) -> &str {
                    $name
                }
            }
        )*
    };
}

named! {
    AlterAlone = "m20250101_000002_alter",
    ChangeSettings = "m20250101_000006_change",
    Beside = "m20250101_000002_beside",
    Panics = "m20250101_000002_panics",
    Stuck = "m20250101_000002_stuck",
}

/// A migration that creates a table with its own name.
pub(crate) struct CreatesTable(pub(crate) &'static str);

impl MigrationName for CreatesTable {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CreatesTable {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table_of(self, manager).await
    }
}

/// Creates a table with the name of the migration.
async fn table_of(
    migration: &impl MigrationName,
    manager: &SchemaManager<'_>,
) -> Result<(), DbErr> {
    let sql = format!("CREATE TABLE {} (id serial, name text)", migration.name());
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

#[async_trait::async_trait]
impl MigrationTrait for AlterAlone {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(ALTER).await.map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

/// Sends a statement beside the transaction that it has begun.
#[async_trait::async_trait]
impl MigrationTrait for Beside {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let transaction = manager.begin().await?;
        table_of(self, &transaction).await?;
        manager.get_connection().execute_unprepared("SELECT 1").await?;
        transaction.commit().await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ChangeSettings {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = format!("{CHANGES}; RESET ROLE; SET SESSION AUTHORIZATION pg_monitor");
        manager.get_connection().execute_unprepared(&sql).await.map(drop)
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Panics {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table_of(self, manager).await?;
        let rows: Vec<u32> = Vec::new();
        Err(DbErr::Custom(format!("the first of no rows is {}", rows[self.name().len()])))
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Stuck {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table_of(self, manager).await?;
        std::future::pending().await
    }
}
