use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // The string has several statements, one of which contains semicolons.
        db.execute_unprepared(
            "ALTER TABLE post ADD COLUMN touched_at timestamptz;

             CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 NEW.touched_at := now();
                 RETURN NEW;
             END;
             $$;

             CREATE TRIGGER touch_post BEFORE UPDATE ON post
                 FOR EACH ROW EXECUTE FUNCTION touch();",
        )
        .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(
                "DROP TRIGGER touch_post ON post;
                 DROP FUNCTION touch();
                 ALTER TABLE post DROP COLUMN touched_at;",
            )
            .await?;
        Ok(())
    }
}
