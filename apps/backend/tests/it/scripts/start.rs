//! Tests of the start of the backend.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use seedbed_engine::{Action, ScriptKind, Target};
use seedbed_testdb::TestDatabase;

use super::support::run;

#[tokio::test]
async fn the_backend_starts_on_a_current_schema() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;

    backend::start(database.url()).await?.ping().await?;
    Ok(())
}

#[tokio::test]
async fn the_backend_refuses_an_older_schema_and_lists_the_pending_migrations() -> Result<()> {
    let database = TestDatabase::new(&rds::project()).await;
    let newest = Target::Steps(NonZeroU32::MIN);
    let report = run(&database, "test", ScriptKind::Migration, Action::Down, newest).await?;

    let error = backend::start(database.url()).await.err().context("it started")?;

    let newest = &report.done.first().context("nothing was reverted")?.name;
    assert!(error.to_string().contains(newest.as_str()), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_malformed_url_is_an_error_without_the_password() -> Result<()> {
    let started = backend::start("postgres://app:secret@db:notaport/app").await;

    let error = started.err().context("it started")?;
    assert!(error.to_string().contains("`DATABASE_URL`"), "{error}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn an_unreachable_server_is_reported_with_the_reason() -> Result<()> {
    // No server listens on port 1.
    let started = backend::start("postgres://app:secret@127.0.0.1:1/app").await;

    let error = anyhow::Error::from(started.err().context("it started")?);
    assert!(format!("{error:#}").contains("Connection refused"), "{error:#}");
    Ok(())
}
