use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("post")
                    .if_not_exists()
                    .col(pk_auto("id"))
                    .col(string("title"))
                    .col(text_null("body"))
                    .col(integer("account_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_post_account")
                            .from("post", "account_id")
                            .to("account", "id")
                            .on_delete(ForeignKeyAction::Cascade)
                            .on_update(ForeignKeyAction::NoAction),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("idx_post_title").table("post").col("title").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_foreign_key(ForeignKey::drop().name("fk_post_account").table("post").to_owned())
            .await?;
        manager.drop_index(Index::drop().name("idx_post_title").to_owned()).await?;
        manager.drop_table(Table::drop().table("post").to_owned()).await
    }
}
