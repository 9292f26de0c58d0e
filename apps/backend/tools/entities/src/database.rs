//! Databases that live for a moment.

use seedbed_catalog::Catalog;
use seedbed_engine::{
    Action, Error, Event, Interrupt, Kind, Options, OutOfOrder, Request, Runner, Scratch, Session,
    Target, connection,
};
use tokio::signal::unix::{SignalKind, signal};

/// Runs that in a database of its own, which is dropped again, also when that fails or is interrupted.
pub(crate) async fn with_scratch<T>(
    options: &Options,
    work: impl AsyncFnOnce(&Options) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (mut sigint, mut sigterm) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let scratch = Scratch::create(options, &say).await?;
    let done = tokio::select! {
        done = work(scratch.options()) => done,
        _ = sigint.recv() => Err(Error::Interrupted.into()),
        _ = sigterm.recv() => Err(Error::Interrupted.into()),
    };
    scratch.drop(&say).await?;
    done
}

/// What the migrations make.
pub(crate) async fn migrated(options: &Options) -> anyhow::Result<Catalog> {
    with_scratch(options, async |options| {
        let session = Session::connect(options.clone(), &say).await?;
        let runner = Runner::new(&session, &rds::project(), &say, Interrupt::never())?;
        let request = Request {
            environment: options.environment.clone(),
            out_of_order: OutOfOrder::Allow,
            ..Request::new(Action::Up, Target::All)
        };
        let ran = runner.run(Kind::Migration, &request).await;
        drop(runner);
        session.close().await;
        // What was applied before is gone with its database, so it is not reported.
        ran.map_err(|failure| failure.error)?;
        let mut connection = connection(options, &say).await?;
        Ok(Catalog::read(&mut connection, &seedbed_catalog::Options::default()).await?)
    })
    .await
}

/// Only what somebody would wonder about: what these databases are made of is not news.
fn say(event: &Event<'_>) {
    if let Event::WaitingForServer { server, reason } = event {
        anstream::eprintln!("waiting for {server}: {reason}");
    }
}
