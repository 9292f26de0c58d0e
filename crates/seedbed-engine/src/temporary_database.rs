//! A database for a moment, beside the one of the URL.

use std::time::{SystemTime, UNIX_EPOCH};

use seedbed_files::Kind;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::cancellation::Cancellation;
use crate::connect::Options;
use crate::database::{create_by, drop_by, drop_database, maintenance};
use crate::error::Error;
use crate::event::Events;
use crate::lock::LockKey;
use crate::plan::{Action, OutOfOrder, Request, Target};
use crate::run::Runner;
use crate::script::Project;
use crate::session::Session;
use seedbed_sql::quote_ident as ident;

/// An empty database on the server of the URL, under a name that nobody else has. Whoever creates it
/// drops it: a value that goes out of scope cannot.
///
/// As long as its owner lives, a session of the owner holds a lock of its name, from before there is such a
/// database. What a killed owner leaves behind is dropped by whoever creates the next one.
#[derive(Debug)]
#[must_use = "it stays on the server until it is dropped"]
pub struct TemporaryDatabase {
    options: Options,
    /// In the maintenance database.
    owner: PgConnection,
}

impl TemporaryDatabase {
    /// Creates it. The database that the URL itself names is not touched, and need not be there.
    ///
    /// # Errors
    /// When there is no connection, or the role may not create databases.
    pub async fn create(options: &Options, events: Events<'_>) -> Result<Self, Error> {
        let name = temporary_name();
        let options = Options { url: options.url.with_database(&name), ..options.clone() };
        let mut owner =
            maintenance(&Options { application: name.clone(), ..options.clone() }, events).await?;
        ensure_two_connections(&mut owner).await?;
        // A server may end sessions that do nothing, and with this one the lock would go.
        let own = format!("SET idle_session_timeout = 0; {}", try_lock(&name));
        owner
            .execute(sqlx::raw_sql(AssertSqlSafe(own)))
            .await
            .map_err(Error::database("lock the name of a database"))?;
        // Whoever may not drop them leaves them to somebody else.
        let _ = sweep(&mut owner).await;
        // What somebody has put into template1 of his server is not what the migrations make.
        let create = format!("CREATE DATABASE {} TEMPLATE template0", ident(&name));
        create_by(&mut owner, &options, &create).await?;
        Ok(Self { options, owner })
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
        cancellation: &Cancellation,
    ) -> Result<(), Error> {
        let connecting = Session::connect(self.options.clone(), events);
        let session = cancellation.run_until_cancelled(connecting).await??;
        let runner = Runner::new(&session, project, events, cancellation.clone())?;
        let request =
            Request { out_of_order: OutOfOrder::Allow, ..Request::new(Action::Up, Target::All) };
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
        let Self { options, mut owner } = self;
        match drop_by(&mut owner, &options).await {
            // A session that did nothing for long may be lost.
            Err(Error::SessionLost { .. }) => drop_database(&options, events).await?,
            dropped => dropped?,
        }
        // The database is gone, and so is what the lock is for.
        let _ = owner.close().await;
        Ok(())
    }
}

/// Refuses a role that may have but one connection, which would be waited for in vain.
async fn ensure_two_connections(owner: &mut PgConnection) -> Result<(), Error> {
    let doing = "ask for the connection limit of the role";
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

/// Returns a name that no other database has.
pub(crate) fn temporary_name() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("seedbed_scratch_{}_{}", std::process::id(), since.as_nanos())
}

/// Returns the statement that locks such a name for as long as its session lives.
pub(crate) fn try_lock(name: &str) -> String {
    format!("SELECT pg_try_advisory_lock({}) AS locked", key(name))
}

fn key(name: &str) -> LockKey {
    LockKey::from_text(&format!("scratch {name}"))
}

/// Those that are named as ours are and that nobody is connected to: a killed owner's statement may run on.
const LEFTOVERS: &str = "\
    SELECT datname::text AS name FROM pg_catalog.pg_database d \
    WHERE datname ~ '^seedbed_scratch_[0-9]+_[0-9]+$' \
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)";

/// Drops those databases whose lock nobody holds. Not by force: who connects at that moment keeps it.
async fn sweep(owner: &mut PgConnection) -> Result<(), sqlx::Error> {
    for row in owner.fetch_all(LEFTOVERS).await? {
        let name: String = row.try_get("name")?;
        let locked = owner.fetch_one(sqlx::raw_sql(AssertSqlSafe(try_lock(&name)))).await?;
        if locked.try_get("locked")? {
            let drop = format!("DROP DATABASE IF EXISTS {}", ident(&name));
            // Another role's stays, and keeps none of the others.
            let _ = owner.execute(sqlx::raw_sql(AssertSqlSafe(drop))).await;
            let unlock = format!("SELECT pg_advisory_unlock({})", key(&name));
            owner.execute(sqlx::raw_sql(AssertSqlSafe(unlock))).await?;
        }
    }
    Ok(())
}
