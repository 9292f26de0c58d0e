use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let authors = Table::create()
            .table("authors")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(ColumnDef::new("name").text().not_null())
            .to_owned();
        manager.create_table(authors).await?;
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "INSERT INTO authors SELECT n, 'author ' || n FROM generate_series(1, 30) n",
            )
            .await?;
        connection
            .execute_unprepared("ALTER TABLE pages ADD COLUMN author_id int REFERENCES authors")
            .await?;
        connection.execute_unprepared("UPDATE pages SET author_id = 1 + id % 30").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE pages DROP COLUMN author_id").await?;
        manager.drop_table(Table::drop().table("authors").to_owned()).await
    }
}
