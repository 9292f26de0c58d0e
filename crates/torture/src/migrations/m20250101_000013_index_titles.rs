use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS pages_title_idx ON pages (title)",
            "UPDATE pages SET rank = id WHERE rank = 0",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS authors_name_idx ON authors (name)",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in [
            "DROP INDEX CONCURRENTLY IF EXISTS authors_name_idx",
            "UPDATE pages SET rank = 0 WHERE rank <> 0",
            "DROP INDEX CONCURRENTLY IF EXISTS pages_title_idx",
        ] {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
