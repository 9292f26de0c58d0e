use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("post")
                    .modify_column(ColumnDef::new("title").string_len(500).not_null())
                    .add_column_if_not_exists(ColumnDef::new("rank").integer().null())
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(Table::alter().table("post").rename_column("body", "content").to_owned())
            .await?;
        manager.rename_table(Table::rename().table("post", "article").to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.rename_table(Table::rename().table("article", "post").to_owned()).await?;
        manager
            .alter_table(Table::alter().table("post").rename_column("content", "body").to_owned())
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("post")
                    .modify_column(ColumnDef::new("title").string().not_null())
                    .drop_column("rank")
                    .to_owned(),
            )
            .await
    }
}
