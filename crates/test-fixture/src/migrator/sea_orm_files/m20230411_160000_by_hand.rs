use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The structure and the rows have separate transactions.
        let structure = manager.begin().await?;
        structure
            .create_table(
                Table::create()
                    .table("tag")
                    .if_not_exists()
                    .col(pk_auto("id"))
                    .col(string_uniq("name"))
                    .to_owned(),
            )
            .await?;
        structure.commit().await?;

        let rows = manager.begin().await?;
        rows.execute(
            Query::insert()
                .into_table("tag")
                .columns(["name"])
                .values_panic(["rust".into()])
                .on_conflict(OnConflict::column("name").do_nothing().to_owned())
                .to_owned(),
        )
        .await?;
        rows.commit().await?;

        // This transaction is rolled back.
        let unwanted = manager.begin().await?;
        unwanted.get_connection().execute_unprepared("DELETE FROM tag").await?;
        drop(unwanted);
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let manager = manager.begin().await?;
        manager.drop_table(Table::drop().table("tag").to_owned()).await?;
        manager.commit().await
    }
}
