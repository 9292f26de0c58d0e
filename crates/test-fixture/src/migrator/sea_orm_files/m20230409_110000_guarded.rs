use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_table("account").await? {
            return Err(DbErr::Migration("the table account should exist".to_owned()));
        }
        if manager.has_table("missing_table").await? {
            return Err(DbErr::Migration("there should be no such table".to_owned()));
        }
        if !manager.has_column("account", "locale").await? {
            manager
                .alter_table(
                    Table::alter()
                        .table("account")
                        .add_column(string("locale").default("en"))
                        .to_owned(),
                )
                .await?;
        }
        if !manager.has_index("account", "idx_account_locale").await? {
            manager
                .create_index(
                    Index::create()
                        .name("idx_account_locale")
                        .table("account")
                        .col("locale")
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.has_column("account", "locale").await? {
            manager
                .alter_table(Table::alter().table("account").drop_column("locale").to_owned())
                .await?;
        }
        Ok(())
    }
}
