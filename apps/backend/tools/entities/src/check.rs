//! `check`: the entities as they are compiled, and as they are written.

use std::path::Path;

use anyhow::Context as _;
use sea_orm::{DatabaseConnection, DbBackend, Schema};
use seedbed_engine::Options;
use seedbed_entities::Compiled;
use sqlx::postgres::PgPoolOptions;

use crate::database::{migrated, with_scratch};
use crate::files::{NotWritten, changed, entities, wanted};
use crate::models;

/// First column by column, which is what somebody wants to read; then the files, for the rest; then the
/// models.
pub(crate) async fn run(
    options: &Options,
    folder: &Path,
    models: Option<&Path>,
) -> anyhow::Result<()> {
    let catalog = migrated(options).await?;
    with_scratch(options, async |scratch| {
        let pool = PgPoolOptions::new()
            .connect_with(scratch.options().url.driver_options().clone())
            .await
            .context("could not connect to the database for the entities' tables")?;
        let empty = DatabaseConnection::from(pool.clone());
        let checked = seedbed_entities::check(&catalog, &empty, &compiled()).await;
        pool.close().await;
        Ok(checked?)
    })
    .await?;
    let wanted = wanted(folder, &catalog)?;
    let changed = changed(folder, &wanted)?;
    if !changed.is_empty() {
        return Err(NotWritten(changed).into());
    }
    if let Some(models) = models {
        models::check(models, &entities(folder)?)?;
    }
    anstream::eprintln!("the entities are what the migrations make");
    Ok(())
}

/// The entities that this program was built with.
fn compiled() -> Compiled {
    let schema = Schema::new(DbBackend::Postgres);
    Compiled {
        tables: entity::all_tables(&schema),
        indexes: entity::all_indexes(&schema),
        enums: entity::all_enums(),
    }
}
