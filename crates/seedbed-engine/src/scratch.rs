//! A database for a moment, beside the one of the URL.

use std::time::{SystemTime, UNIX_EPOCH};

use seedbed_files::Kind;

use crate::connect::Options;
use crate::database::{create_database, drop_database};
use crate::error::Error;
use crate::event::Events;
use crate::plan::{Action, OutOfOrder, Request, Target};
use crate::run::Runner;
use crate::script::Project;
use crate::session::Session;
use crate::watch::Interrupt;

/// An empty database on the server of the URL, under a name that nobody else has. Whoever creates it
/// drops it: a value that goes out of scope cannot. What a killed process leaves behind is known by its
/// name, which begins with `seedbed_scratch_`.
#[derive(Debug)]
#[must_use = "it stays on the server until it is dropped"]
pub struct Scratch {
    options: Options,
}

impl Scratch {
    /// Creates it. The database that the URL itself names is not touched, and need not be there.
    ///
    /// # Errors
    /// When there is no connection, or the role may not create databases.
    pub async fn create(options: &Options, events: Events<'_>) -> Result<Self, Error> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("seedbed_scratch_{}_{}", std::process::id(), since.as_nanos());
        let options = Options { url: options.url.with_database(&name), ..options.clone() };
        create_database(&options, events).await?;
        Ok(Self { options })
    }

    /// How to connect to it.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Applies all migrations of the project to it, in the order of their names.
    ///
    /// # Errors
    /// When there is no connection, when a migration fails, or [`Error::Interrupted`]. What was applied
    /// before that is not reported: it is gone with the database.
    pub async fn migrate(
        &self,
        project: &Project,
        events: Events<'_>,
        interrupt: &Interrupt,
    ) -> Result<(), Error> {
        let connecting = Session::connect(self.options.clone(), events);
        let session = interrupt.unless(connecting).await??;
        let runner = Runner::new(&session, project, events, interrupt.clone())?;
        let request = Request {
            environment: self.options.environment.clone(),
            out_of_order: OutOfOrder::Allow,
            ..Request::new(Action::Up, Target::All)
        };
        let ran = runner.run(Kind::Migration, &request).await;
        drop(runner);
        session.close().await;
        ran.map(drop).map_err(|failure| failure.error)
    }

    /// Drops it, ending the sessions in it.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn drop(self, events: Events<'_>) -> Result<(), Error> {
        drop_database(&self.options, events).await
    }
}
