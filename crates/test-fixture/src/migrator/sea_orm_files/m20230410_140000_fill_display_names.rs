use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::entity::prelude::*;
use sea_orm_migration::sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for model in account::Entity::find().all(db).await? {
            let name = model.display_name.clone().unwrap_or_default();
            let mut active = model.into_active_model();
            active.display_name = Set(Some(name.to_uppercase()));
            active.update(db).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let rows =
            db.query_all(Query::select().columns(["id", "display_name"]).from("account")).await?;
        for row in rows {
            let id: i32 = row.try_get("", "id")?;
            let name: Option<String> = row.try_get("", "display_name")?;
            let Some(name) = name else { continue };
            let update = Query::update()
                .table("account")
                .value("display_name", name.to_lowercase())
                .and_where(Expr::col("id").eq(id))
                .to_owned();
            manager.execute(update).await?;
        }
        Ok(())
    }
}

mod account {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i32,
        pub email: String,
        pub display_name: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
