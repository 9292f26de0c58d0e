//! `check`: the entities as they are compiled, and as they are written.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sea_orm::{DatabaseConnection, DbBackend, Schema};
use seedbed_engine::SessionOptions;
use seedbed_entities::{CompiledEntities, HAND_WRITTEN_FOLDER};
use sqlx::postgres::PgPoolOptions;

use crate::database::{migrated, with_temporary_database};
use crate::files::{changed, wanted};
use crate::models;

/// A file of the folder is not what `write` would make of it.
#[derive(Debug)]
pub(crate) struct NotWritten(Vec<PathBuf>);

impl NotWritten {
    pub(crate) fn hint(&self) -> String {
        format!(
            "`make entities` to write them again; put your own code into {HAND_WRITTEN_FOLDER}/ beside them"
        )
    }
}

impl std::fmt::Display for NotWritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "these are not as `make entities` writes them:")?;
        self.0.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl std::error::Error for NotWritten {}

/// First column by column, which is what somebody wants to read; then the files, for the rest; then the
/// models.
pub(crate) async fn run(
    options: &SessionOptions,
    folder: &Path,
    models: Option<&Path>,
) -> anyhow::Result<()> {
    let catalog = migrated(options).await?;
    with_temporary_database(options, async |temporary| {
        let pool = PgPoolOptions::new()
            .connect_with(temporary.options().url.driver_options().clone())
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
        models::check(models, &models::entities(folder)?)?;
    }
    anstream::eprintln!("the entities are what the migrations make");
    Ok(())
}

/// The entities that this program was built with.
fn compiled() -> CompiledEntities {
    let schema = Schema::new(DbBackend::Postgres);
    CompiledEntities {
        tables: entity::all_tables(&schema),
        indexes: entity::all_indexes(&schema),
        enums: entity::all_enums(),
        fields: entity::all_fields(),
    }
}
