//! A temporary database to which scripts of the project are applied one by one.

use seedbed_engine::{
    Action, Error, Name, OutOfOrder, Repair, RunRequest, Runner, ScriptKind, Session, Target,
    TemporaryDatabase, connection,
};
use seedbed_schema::{DatabaseSchema, ReadOptions};
use sqlx::PgConnection;

use super::{Verifier, VerifyError};

/// A temporary database with the session that runs the scripts and a connection that reads.
///
/// The caller drops the database with [`drop`](Self::drop). If the process is killed, the next temporary database drops
/// it.
pub(super) struct MigratedDatabase<'v> {
    verifier: Verifier<'v>,
    database: TemporaryDatabase,
    session: Session,
    reader: PgConnection,
}

impl<'v> MigratedDatabase<'v> {
    /// Creates an empty database.
    pub(super) async fn create(verifier: Verifier<'v>) -> Result<Self, VerifyError> {
        let database = TemporaryDatabase::create(verifier.options, verifier.events).await?;
        let connecting = async {
            let session = Session::connect(database.options().clone(), verifier.events);
            let session = session.await.map_err(Error::from)?;
            let reader = connection(database.options(), verifier.events).await;
            Ok::<_, Error>((session, reader.map_err(Error::from)?))
        };
        let connected = verifier.cancellation.run_until_canceled(connecting).await;
        match connected.and_then(|connected| connected) {
            Ok((session, reader)) => Ok(Self { verifier, database, session, reader }),
            Err(error) => {
                database.drop(verifier.events).await?;
                Err(error.into())
            }
        }
    }

    /// Replaces the database with a new one to which the migrations up to and including `last` are applied.
    pub(super) async fn recreate(&mut self, last: &Name) -> Result<(), VerifyError> {
        let new = Self::create(self.verifier).await?;
        let old = std::mem::replace(self, new);
        old.drop().await?;
        self.up_to(ScriptKind::Migration, last).await?;
        Ok(())
    }

    /// Applies all pending scripts of the kind up to and including `last`.
    pub(super) async fn up_to(&self, kind: ScriptKind, last: &Name) -> Result<(), Error> {
        self.run(kind, Action::Up, Target::To(last.into())).await
    }

    /// Applies one script.
    pub(super) async fn up(&self, kind: ScriptKind, name: &Name) -> Result<(), Error> {
        self.run(kind, Action::Up, Target::Only(vec![name.into()])).await
    }

    /// Reverts one script.
    pub(super) async fn down(&self, kind: ScriptKind, name: &Name) -> Result<(), Error> {
        self.run(kind, Action::Down, Target::Only(vec![name.into()])).await
    }

    /// Records a script as applied or as not applied, and runs nothing.
    pub(super) async fn record(&self, kind: ScriptKind, repair: Repair) -> Result<(), Error> {
        self.runner()?.repair(kind, &[repair]).await.map(drop)
    }

    async fn run(&self, kind: ScriptKind, action: Action, target: Target) -> Result<(), Error> {
        // A script may be applied again after newer ones.
        let request =
            RunRequest { out_of_order: OutOfOrder::Allow, ..RunRequest::new(action, target) };
        let ran = self.runner()?.run(kind, &request).await;
        ran.map(drop).map_err(|failure| failure.error)
    }

    fn runner(&self) -> Result<Runner<'_>, Error> {
        let Verifier { project, events, cancellation, .. } = self.verifier;
        Runner::new(&self.session, project, events, cancellation.clone())
    }

    /// Reads the schema, without Seedbed's own tables.
    pub(super) async fn schema(&mut self) -> Result<DatabaseSchema, VerifyError> {
        let options = ReadOptions::default();
        let reading = DatabaseSchema::read(&mut self.reader, &options);
        Ok(self.verifier.cancellation.run_until_canceled(reading).await??)
    }

    /// Returns the connection that reads. It is not the session that runs the scripts.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.reader
    }

    /// Drops the database.
    pub(super) async fn drop(self) -> Result<(), VerifyError> {
        // The sessions end first, because otherwise the server waits for them before it drops the database.
        let _ = sqlx::Connection::close(self.reader).await;
        self.session.close().await;
        Ok(self.database.drop(self.verifier.events).await?)
    }
}
