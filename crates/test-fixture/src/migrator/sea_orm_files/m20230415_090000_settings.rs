use sea_orm_migration::{prelude::*, schema::*};

pub struct Migration;

/// The name in the history is the one that the file had before it was renamed.
impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20230415_settings_v2"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("settings")
                    .col(string("key").primary_key())
                    .col(json_binary("value"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("settings").to_owned()).await
    }
}
