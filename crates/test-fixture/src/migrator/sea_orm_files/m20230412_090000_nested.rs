use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::TransactionTrait;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();

        // A nested transaction is a savepoint: its failure reverts only its own statements.
        let attempt = db.begin().await?;
        let refused = attempt
            .execute_unprepared("INSERT INTO account (email) VALUES ('ada@example.com')")
            .await;
        if refused.is_ok() {
            return Err(DbErr::Migration("the address should be taken".to_owned()));
        }
        attempt.rollback().await?;

        let kept = db.begin().await?;
        kept.execute_unprepared("INSERT INTO account (email) VALUES ('joan@example.com')").await?;
        kept.commit().await?;

        db.transaction::<_, (), DbErr>(|inner| {
            Box::pin(async move {
                inner
                    .execute_unprepared(
                        "UPDATE account SET display_name = 'JOAN' WHERE email LIKE 'joan@%'",
                    )
                    .await?;
                Ok(())
            })
        })
        .await
        .map_err(|error| DbErr::Migration(error.to_string()))
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM account WHERE email = 'joan@example.com'")
            .await?;
        Ok(())
    }
}
