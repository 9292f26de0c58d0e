//! A temporary database on the server of the URL.

use seedbed_build::ScriptKind;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::cancellation::Cancellation;
use crate::connect::{DatabaseLifetime, SessionOptions};
use crate::database::{connect_to_maintenance, create_on, drop_database, drop_on};
use crate::error::Error;
use crate::event::Events;
use crate::plan::{Action, OutOfOrder, RunRequest, Target};
use crate::run::Runner;
use crate::script::Project;
use crate::session::Session;
use crate::temporary_name::{lock_key, temporary_name, try_lock_sql};
use seedbed_sql::quote_ident as ident;

/// An empty temporary database on the server of the URL, with a unique name.
///
/// The caller drops it with [`drop`](Self::drop): a value that goes out of scope cannot drop it. A session of the owner
/// holds an advisory lock on the name from before the database is created until it is dropped. The next temporary
/// database drops the databases that killed owners left behind:
///
/// ```text
/// name locked ──► database created ──► dropped, lock released
///                        │ owner killed: the lock is released
///                        ▼
///                    orphan ──► dropped by the next owner
/// ```
#[derive(Debug)]
#[must_use = "it stays on the server until it is dropped"]
pub struct TemporaryDatabase {
    options: SessionOptions,
    /// The session in the maintenance database that holds the lock on the name.
    owner: PgConnection,
}

impl TemporaryDatabase {
    /// Creates a temporary database. The database that the URL names is not used and need not exist.
    ///
    /// # Errors
    /// Fails if the connection cannot be opened, or if the role may not create databases.
    pub async fn create(options: &SessionOptions, events: Events<'_>) -> Result<Self, Error> {
        let name = temporary_name();
        let options = SessionOptions {
            url: options.url.with_database(&name),
            lifetime: DatabaseLifetime::Command,
            ..options.clone()
        };
        let mut owner = connect_to_maintenance(
            &SessionOptions { application: name.clone(), ..options.clone() },
            events,
        )
        .await?;
        ensure_two_connections(&mut owner).await?;
        // A server may be configured to end idle sessions, and the lock would be released with this session.
        let own = format!("SET idle_session_timeout = 0; {}", try_lock_sql(&name));
        owner
            .execute(sqlx::raw_sql(AssertSqlSafe(own)))
            .await
            .map_err(Error::database("lock the name of a database"))?;
        // An error is ignored, because the command does not need the orphans dropped.
        let _ = drop_orphans(&mut owner).await;
        // template1 may contain objects that an administrator has added and that the migrations do not create.
        let create = format!("CREATE DATABASE {} TEMPLATE template0", ident(&name));
        create_on(&mut owner, &options, &create).await.map_err(|error| match error {
            Error::NoRightToCreateDatabase { role, message, .. } => {
                let server = options.url.server();
                Error::NoRightToCreateTemporaryDatabase { role, server, message }
            }
            error => error,
        })?;
        Ok(Self { options, owner })
    }

    /// Returns the options with which to connect to the database.
    #[must_use]
    pub fn options(&self) -> &SessionOptions {
        &self.options
    }

    /// Applies all migrations of the project to the database, in the order of their names.
    ///
    /// # Errors
    /// Fails if the connection cannot be opened, if a migration fails, or with [`Error::Interrupted`]. The error does
    /// not report which migrations were applied before, because the database is dropped.
    pub async fn migrate(
        &self,
        project: &Project,
        events: Events<'_>,
        cancellation: &Cancellation,
    ) -> Result<(), Error> {
        let connecting = Session::connect(self.options.clone(), events);
        let session = cancellation.run_until_canceled(connecting).await??;
        let runner = Runner::new(&session, project, events, cancellation.clone())?;
        let request = RunRequest {
            out_of_order: OutOfOrder::Allow,
            ..RunRequest::new(Action::Up, Target::All)
        };
        let ran = runner.run(ScriptKind::Migration, &request).await;
        drop(runner);
        session.close().await;
        ran.map(drop).map_err(|failure| failure.error)
    }

    /// Drops the database and ends the sessions in it.
    ///
    /// # Errors
    /// Fails if the connection cannot be opened.
    pub async fn drop(self, events: Events<'_>) -> Result<(), Error> {
        let Self { options, mut owner } = self;
        match drop_on(&mut owner, &options).await {
            // The session may have been lost while it was idle for a long time.
            Err(Error::SessionLost { .. }) => drop_database(&options, events).await?,
            dropped => dropped?,
        }
        // The database is dropped, so the lock is no longer needed.
        let _ = owner.close().await;
        Ok(())
    }
}

/// Fails if the role may have only one connection, because a connection to the temporary database would wait in vain.
async fn ensure_two_connections(owner: &mut PgConnection) -> Result<(), Error> {
    let doing = "read the connection limit of the role";
    let sql = "SELECT rolname::text AS role, rolconnlimit FROM pg_catalog.pg_roles \
        WHERE rolname = session_user AND NOT rolsuper AND rolconnlimit BETWEEN 0 AND 1";
    let row = owner.fetch_optional(sql).await.map_err(Error::database(doing))?;
    match row {
        None => Ok(()),
        Some(row) => Err(Error::TwoConnections {
            role: row.try_get("role").map_err(Error::database(doing))?,
            limit: row.try_get("rolconnlimit").map_err(Error::database(doing))?,
        }),
    }
}

/// The query for the temporary databases without sessions. In a database with a session, a statement of a killed owner
/// may still be running.
const ORPHANS: &str = "\
    SELECT datname::text AS name FROM pg_catalog.pg_database d \
    WHERE datname ~ '^seedbed_temporary_[0-9]+_[0-9]+$' \
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)";

/// Drops the temporary databases whose names no session locks. Does not end sessions, and skips a database to which a
/// session has connected in the meantime.
async fn drop_orphans(owner: &mut PgConnection) -> Result<(), sqlx::Error> {
    for row in owner.fetch_all(ORPHANS).await? {
        let name: String = row.try_get("name")?;
        let locked = owner.fetch_one(sqlx::raw_sql(AssertSqlSafe(try_lock_sql(&name)))).await?;
        if locked.try_get("locked")? {
            let drop = format!("DROP DATABASE IF EXISTS {}", ident(&name));
            // A database of another role cannot be dropped. This does not prevent dropping the other databases.
            let _ = owner.execute(sqlx::raw_sql(AssertSqlSafe(drop))).await;
            let unlock = format!("SELECT pg_advisory_unlock({})", lock_key(&name));
            owner.execute(sqlx::raw_sql(AssertSqlSafe(unlock))).await?;
        }
    }
    Ok(())
}
