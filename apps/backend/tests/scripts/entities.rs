//! The entities and the schema that the migrations make.

use anyhow::Result;
use seedbed_catalog::{Catalog, Options};
use seedbed_testdb::TestDatabase;

#[tokio::test]
async fn the_entities_are_what_the_migrations_make() -> Result<()> {
    let migrated = TestDatabase::new(&rds::project()).await;
    let empty = TestDatabase::empty().await;
    let mut connection = migrated.connection().get_postgres_connection_pool().acquire().await?;
    let catalog = Catalog::read(&mut connection, &Options::default()).await?;

    let checked = seedbed_entities::check(&catalog, empty.connection(), entity::register).await;

    if let Err(error) = checked {
        panic!("{error}\nhint: {}", error.hint().unwrap_or_default());
    }
    Ok(())
}
