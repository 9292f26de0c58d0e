use sea_orm_migration::prelude::*;
use sea_query::extension::postgres::Type;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_type(
                Type::create().as_enum("post_status").values(["draft", "published"]).to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("post")
                    .add_column(
                        ColumnDef::new("status")
                            .enumeration("post_status", ["draft", "published"])
                            .not_null()
                            .default("draft"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("post").drop_column("status").to_owned()).await?;
        manager.drop_type(Type::drop().name("post_status").to_owned()).await
    }
}
