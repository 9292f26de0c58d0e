use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let insert = Query::insert()
            .into_table("account")
            .columns(["email", "display_name"])
            .values_panic(["ada@example.com".into(), "Ada".into()])
            .values_panic(["grace@example.com".into(), "Grace".into()])
            .to_owned();
        manager.execute(insert).await?;

        let db = manager.get_connection();
        let post = Statement::from_sql_and_values(
            manager.get_database_backend(),
            "INSERT INTO post (title, account_id) SELECT $1, id FROM account WHERE email = $2",
            ["Notes; with 'quotes'".into(), "ada@example.com".into()],
        );
        db.execute_raw(post).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let delete = Query::delete()
            .from_table("account")
            .and_where(Expr::col("email").is_in(["ada@example.com", "grace@example.com"]))
            .to_owned();
        manager.execute(delete).await
    }
}
