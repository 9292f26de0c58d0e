//! The functions of the scripts in `projects/states.rs`.

use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait};
use seedbed::prelude::*;

use crate::SLOW_SCRIPT_GATE;

/// Executes two statements, which commit one by one, because the script has no transaction. The second statement fails until
/// the test creates the table `half_two`.
pub(crate) async fn half_applied(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE IF NOT EXISTS half_one (id int)").await?;
    schema.execute("INSERT INTO half_two VALUES (1)").await
}

pub(crate) async fn half_reverted(schema: &Schema<'_>) -> Result {
    schema.drop_table("half_one").await
}

/// Runs a statement with a mistake in its second line.
pub(crate) async fn mistake(schema: &Schema<'_>) -> Result {
    schema.execute("SELECT 1;\nSELECT nothing FROM m20250101_000001_rows").await
}

/// Creates an extension that is not part of PostgreSQL, under a wrong name: that of the project and not of the extension.
pub(crate) async fn create_pgvector(schema: &Schema<'_>) -> Result {
    schema.create_extension("pgvector").await
}

/// Waits while a test holds the lock [`SLOW_SCRIPT_GATE`].
pub(crate) async fn wait_for_gate(schema: &Schema<'_>) -> Result {
    schema.execute(format!("SELECT pg_advisory_xact_lock_shared({SLOW_SCRIPT_GATE})")).await
}

pub(crate) async fn create_customers(schema: &Schema<'_>) -> Result {
    let table = Table::create().table("customers").col(pk_auto("id")).col(text("name")).take();
    schema.create_table(table).await
}

pub(crate) async fn drop_customers(schema: &Schema<'_>) -> Result {
    schema.drop_table("customers").await
}

/// Adds a NOT NULL column without a default, which fails if the table has rows.
pub(crate) async fn add_stripe_id_at_once(schema: &Schema<'_>) -> Result {
    schema.add_column("customers", string("stripe_id")).await
}

pub(crate) async fn add_stripe_id(schema: &Schema<'_>) -> Result {
    schema.add_column("customers", string_null("stripe_id")).await
}

pub(crate) async fn remove_stripe_id(schema: &Schema<'_>) -> Result {
    schema.remove_column("customers", "stripe_id").await
}

/// Fills in the column, and then waits, before the commit, while a test holds the lock [`SLOW_SCRIPT_GATE`].
pub(crate) async fn fill_in_stripe_id(schema: &Schema<'_>) -> Result {
    schema.execute("UPDATE customers SET stripe_id = 'cus_' || id WHERE stripe_id IS NULL").await?;
    wait_for_gate(schema).await
}

pub(crate) async fn nothing(_: &Schema<'_>) -> Result {
    Ok(())
}

pub(crate) async fn require_stripe_id(schema: &Schema<'_>) -> Result {
    schema.set_not_null("customers", "stripe_id").await
}

pub(crate) async fn allow_no_stripe_id(schema: &Schema<'_>) -> Result {
    schema.drop_not_null("customers", "stripe_id").await
}

/// A migration in SeaORM's format that creates a table with its own name.
pub(crate) struct OwnTable(pub(crate) &'static str);

impl MigrationName for OwnTable {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "with `SchemaManager<'_>`, `async_trait` generates a signature that differs from the trait's"
)]
impl MigrationTrait for OwnTable {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create().table(self.0).col(pk_auto("id")).take();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(self.0).take()).await
    }
}

/// A migration in SeaORM's format that reads all columns of a table, and then adds a column with its own name.
pub(crate) struct LooksAndAdds(pub(crate) &'static str);

impl MigrationName for LooksAndAdds {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
#[expect(
    elided_lifetimes_in_paths,
    reason = "with `SchemaManager<'_>`, `async_trait` generates a signature that differs from the trait's"
)]
impl MigrationTrait for LooksAndAdds {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let all = Statement::from_string(DbBackend::Postgres, "SELECT * FROM m0000010_init");
        manager.get_connection().query_all_raw(all).await?;
        let column = integer(self.0);
        let add = Table::alter().table("m0000010_init").add_column(column).take();
        manager.alter_table(add).await
    }
}
