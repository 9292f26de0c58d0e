//! Databases that live for a moment.

use std::sync::Once;

use seedbed_engine::{
    Cancellation, Error, Event, SessionOptions, TemporaryDatabase, connection, untested_message,
};
use seedbed_schema::DatabaseSchema;
use tokio::signal::unix::{SignalKind, signal};

/// Runs that in a database of its own, which is dropped again, also when that fails or is interrupted.
pub(crate) async fn with_temporary_database<T>(
    options: &SessionOptions,
    work: impl AsyncFnOnce(&TemporaryDatabase) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (mut sigint, mut sigterm) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let temporary = TemporaryDatabase::create(options, &say).await?;
    let done = tokio::select! {
        done = work(&temporary) => done,
        _ = sigint.recv() => Err(Error::Interrupted.into()),
        _ = sigterm.recv() => Err(Error::Interrupted.into()),
    };
    temporary.drop(&say).await?;
    done
}

/// What the migrations make.
pub(crate) async fn migrated(options: &SessionOptions) -> anyhow::Result<DatabaseSchema> {
    with_temporary_database(options, async |temporary| {
        temporary.migrate(&rds::project(), &say, &Cancellation::never()).await?;
        let mut connection = connection(temporary.options(), &say).await?;
        Ok(DatabaseSchema::read(&mut connection, &seedbed_schema::ReadOptions::default()).await?)
    })
    .await
}

/// Only what somebody would wonder about: what these databases are made of is not news.
fn say(event: &Event<'_>) {
    static UNTESTED: Once = Once::new();
    match event {
        Event::WaitingForServer { server, reason } => {
            anstream::eprintln!("waiting for {server}: {reason}");
        }
        // Each connection finds that out.
        Event::UntestedServer { major } => UNTESTED.call_once(|| {
            anstream::eprintln!("warning: {}", untested_message(*major));
        }),
        _ => {}
    }
}
