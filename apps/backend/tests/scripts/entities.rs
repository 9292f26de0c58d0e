//! The schema that the migrations make, the entities, and the models over them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
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

#[test]
fn every_model_is_listed_and_so_compiled_over_its_entity() -> Result<()> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/models");
    let list = fs::read_to_string(models.join("mod.rs"))?;
    let mut found = 0;
    for entry in fs::read_dir(&models)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).context("no UTF-8")?;
        if name == "mod" {
            continue;
        }
        let line = format!("pub mod {name};");
        assert!(list.lines().any(|known| known == line), "models/mod.rs has no: {line}");
        let text = fs::read_to_string(&path)?;
        assert!(text.contains(&format!("use entity::{name}::")), "{name}.rs is over no entity");
        found += 1;
    }
    assert!(found >= 5, "{found} models");
    Ok(())
}
