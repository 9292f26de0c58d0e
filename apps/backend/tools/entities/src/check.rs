//! `check`: the entities as they are compiled, and as they are written.

use std::path::Path;

use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use seedbed_engine::Options;
use sqlx::postgres::PgPoolOptions;

use crate::database::{migrated, with_scratch};
use crate::files::{NotWritten, changed, wanted};

/// First column by column, which is what somebody wants to read; then the files, for the rest.
pub(crate) async fn run(options: &Options, folder: &Path) -> anyhow::Result<()> {
    let catalog = migrated(options).await?;
    with_scratch(options, async |scratch| {
        let pool = PgPoolOptions::new()
            .connect_with(scratch.options().url.driver_options().clone())
            .await
            .context("could not connect to the database for the entities' tables")?;
        let empty = DatabaseConnection::from(pool.clone());
        let checked = seedbed_entities::check(&catalog, &empty, entity::register).await;
        pool.close().await;
        Ok(checked?)
    })
    .await?;
    let changed = changed(folder, &wanted(folder, &catalog)?)?;
    if !changed.is_empty() {
        return Err(NotWritten(changed).into());
    }
    anstream::eprintln!("the entities are what the migrations make");
    Ok(())
}
