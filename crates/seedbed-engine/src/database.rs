//! Creates and drops databases, in a session of the maintenance database.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::connect::{self, ConnectError, SessionOptions};
use crate::driver_error::has_code;
use crate::error::Error;
use crate::event::Events;
use crate::lock::LockKey;
use crate::pooler;
use crate::session::Session;
use crate::sqlstate;
use crate::temporary_name::{temporary_name, try_lock_sql};
use crate::write_access::WriteAccess;
use seedbed_config::reason;
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// The comment on a database that `fresh-start` created for development. A hint may suggest recreating such a database.
pub(crate) const CREATED_BY_FRESH_START: &str = "created by seedbed fresh-start for development";

/// The result of [`create_database`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseCreation {
    /// This call created the database.
    Created,
    /// The database existed, or another session created it at the same time.
    AlreadyExisted,
}

/// Creates the database of the URL unless it exists.
///
/// # Errors
/// Fails if the connection cannot be opened, or if the role may not create databases.
pub async fn create_database(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<DatabaseCreation, Error> {
    // Usually the database exists. In that case this costs one connection and needs no other database.
    match connect::connection(options, events).await {
        Ok(connection) => {
            // The connection was only opened to see whether the database exists.
            let _ = connection.close().await;
            return Ok(DatabaseCreation::AlreadyExisted);
        }
        Err(ConnectError::NoDatabase { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mut maintenance = connect_to_maintenance(options, events).await?;
    let turn = wait_for_turn(&mut maintenance, options).await;
    let created = match turn.map_err(Error::database("look for the database"))? {
        CreationTurn::Acquired => {
            let sql = format!("CREATE DATABASE {}", ident(options.url.database()));
            create_on(&mut maintenance, options, &sql).await?
        }
        CreationTurn::AlreadyExists => DatabaseCreation::AlreadyExisted,
    };
    if created == DatabaseCreation::Created && options.environment.is_development() {
        mark_for_development(&mut maintenance, options).await?;
    }
    close(maintenance).await;
    Ok(created)
}

/// Marks a database as created for development, so that a hint may suggest recreating it.
async fn mark_for_development(
    maintenance: &mut PgConnection,
    options: &SessionOptions,
) -> Result<(), Error> {
    let (database, comment) = (ident(options.url.database()), literal(CREATED_BY_FRESH_START));
    let sql = format!("COMMENT ON DATABASE {database} IS {comment}");
    let marked = maintenance.execute(AssertSqlSafe(sql)).await;
    marked.map(drop).map_err(Error::database("mark the database"))
}

/// Closes a connection before the next one is opened, because the role may be allowed only one.
async fn close(connection: PgConnection) {
    // The work on the connection is done, so an error does not matter.
    let _ = connection.close().await;
}

/// The change that is about to be made to the database of the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recreation {
    /// The database is created.
    Create,
    /// The database is dropped if it exists, and created.
    DropAndCreate,
}

/// Ensures that neither the server nor the role nor a pooler refuses to recreate the database, or to run the first script
/// after that. Changes nothing, and needs one connection at a time.
///
/// # Errors
/// Fails if there is no connection, if the server is a standby, if a transaction-mode pooler is in front of it, if the role
/// may not drop or create the database, or if the search path names no schema that a new database has.
pub async fn ensure_can_recreate(
    options: &SessionOptions,
    recreation: Recreation,
    events: Events<'_>,
) -> Result<(), Error> {
    let session = maintenance_session(options, events).await?;
    let checked = check_recreation(&session, options, recreation, events).await;
    session.close().await;
    if checked? == SearchPathSchema::NotFound && is_template_without_schema(options).await {
        return Err(Error::NoSchemaInNewDatabase);
    }
    Ok(())
}

/// Whether the search path names a schema of the maintenance database, which usually has the same schemas as a new database.
#[derive(Debug, PartialEq, Eq)]
enum SearchPathSchema {
    Found,
    NotFound,
}

async fn check_recreation(
    session: &Session,
    options: &SessionOptions,
    recreation: Recreation,
    events: Events<'_>,
) -> Result<SearchPathSchema, Error> {
    session.write_access.ensure_read_write(options)?;
    let doing = "check the privilege to create databases";
    let sql = format!(
        "SELECT (SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) \
         AS may_create, current_schema() IS NOT NULL AS has_schema, \
         (SELECT pg_get_userbyid(datdba)::text FROM pg_catalog.pg_database WHERE datname = {database} \
         AND NOT pg_has_role(datdba, 'USAGE')) AS other_owner",
        database = literal(options.url.database())
    );
    let row = session.row(sql).await.map_err(Error::database(doing))?;
    let other_owner: Option<String> = row.try_get("other_owner").map_err(Error::database(doing))?;
    let role = || options.effective_role().to_owned();
    let database = || options.url.database().to_owned();
    if let Some(owner) = other_owner
        && recreation == Recreation::DropAndCreate
    {
        return Err(Error::NoRightToDropDatabase { role: role(), database: database(), owner });
    }
    if !row.try_get::<bool, _>("may_create").map_err(Error::database(doing))? {
        return Err(Error::NoRightToCreateDatabase {
            role: role(),
            database: database(),
            message: "permission denied to create database".to_owned(),
        });
    }
    pooler::ensure_no_transaction_pooler(session, events).await?;
    match row.try_get("has_schema").map_err(Error::database(doing))? {
        true => Ok(SearchPathSchema::Found),
        false => Ok(SearchPathSchema::NotFound),
    }
}

/// Returns whether the search path names no schema of `template1`, of which a new database is a copy. Returns false if
/// the role may not connect to `template1`; in that case, the run finds out later.
async fn is_template_without_schema(options: &SessionOptions) -> bool {
    let template = SessionOptions {
        url: options.url.with_database("template1"),
        wait: Duration::from_secs(1),
        ..options.clone()
    };
    let Ok(session) = Session::connect(template, &|_| {}).await else {
        return false;
    };
    let row = session.row("SELECT current_schema() IS NULL AS missing").await;
    let is_missing = row.and_then(|row| row.try_get("missing"));
    session.close().await;
    is_missing.unwrap_or(false)
}

/// Recreates the database of the URL: drops it if it exists, and creates it. The new database is created under a temporary
/// name before the old one is dropped, so if it cannot be created, the old one still exists.
///
/// # Errors
/// Fails if there is no connection, or the server refuses to create, to drop or to rename a database.
pub async fn recreate_database(options: &SessionOptions, events: Events<'_>) -> Result<(), Error> {
    let name = temporary_name();
    let new = SessionOptions { url: options.url.with_database(&name), ..options.clone() };
    let mut maintenance = connect_to_maintenance(options, events).await?;
    // If this process is killed, no session locks the name anymore, and the next command that creates a temporary database
    // drops the new database.
    let locked = maintenance.execute(AssertSqlSafe(try_lock_sql(&name))).await;
    locked.map_err(Error::database("lock the name of a database"))?;
    let dropped = create_and_drop(&mut maintenance, &new, options).await;
    let replaced = match dropped.map_err(|cause| Error::NotDropped { cause: Box::new(cause) }) {
        Ok(()) => rename(&mut maintenance, &new, options).await,
        Err(error) => Err(error),
    };
    if replaced.is_err() {
        // The first error says what happened, so an error of the cleanup is ignored.
        let _ = drop_on(&mut maintenance, &new).await;
    }
    close(maintenance).await;
    replaced
}

/// Returns the owner of a database, if the database exists. A role that may drop the database is a member of the owner, so it may also create a
/// database for this owner.
async fn owner(
    maintenance: &mut PgConnection,
    options: &SessionOptions,
) -> Result<Option<String>, sqlx::Error> {
    let sql = format!(
        "SELECT pg_get_userbyid(datdba)::text FROM pg_catalog.pg_database WHERE datname = {}",
        literal(options.url.database())
    );
    let row = maintenance.fetch_optional(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    row.map(|row| row.try_get(0)).transpose()
}

/// Creates the new database with the owner of the old one, and drops the old one after that.
async fn create_and_drop(
    maintenance: &mut PgConnection,
    new: &SessionOptions,
    old: &SessionOptions,
) -> Result<(), Error> {
    let owner = owner(maintenance, old).await;
    let owner = owner.map_err(Error::database("read the owner of the database"))?;
    let owner = owner.map_or_else(String::new, |owner| format!(" OWNER {}", ident(&owner)));
    let create = format!("CREATE DATABASE {}{owner}", ident(new.url.database()));
    create_on(maintenance, old, &create).await?;
    if new.environment.is_development() {
        mark_for_development(maintenance, new).await?;
    }
    drop_on(maintenance, old).await
}

/// Renames the new database to the name of the old one.
async fn rename(
    maintenance: &mut PgConnection,
    new: &SessionOptions,
    old: &SessionOptions,
) -> Result<(), Error> {
    let (from, to) = (ident(new.url.database()), ident(old.url.database()));
    let renamed =
        maintenance.execute(AssertSqlSafe(format!("ALTER DATABASE {from} RENAME TO {to}")));
    match renamed.await {
        Ok(_) => Ok(()),
        // Another command has created the database of the URL in the meantime.
        Err(error) if has_code(&error, sqlstate::DUPLICATE_DATABASE) => {
            drop_on(maintenance, new).await
        }
        Err(error) => Err(Error::database("rename the new database")(error)),
    }
}

/// Creates the database of the URL with the statement, in a session of another database.
pub(crate) async fn create_on(
    maintenance: &mut PgConnection,
    options: &SessionOptions,
    sql: &str,
) -> Result<DatabaseCreation, Error> {
    let started_at = Instant::now();
    loop {
        let error = match maintenance.execute(AssertSqlSafe(sql)).await {
            Ok(_) => return Ok(DatabaseCreation::Created),
            Err(error) => error,
        };
        match error.as_database_error().and_then(|error| error.code()).as_deref() {
            // The SQLSTATE is duplicate_database, or that of the unique index of the catalog if two sessions create the
            // database at the same time.
            Some(sqlstate::DUPLICATE_DATABASE | sqlstate::UNIQUE_VIOLATION) => {
                return Ok(DatabaseCreation::AlreadyExisted);
            }
            // Another session is connected to template1 at the moment.
            Some("55006") if started_at.elapsed() < options.wait => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Some(sqlstate::INSUFFICIENT_PRIVILEGE) => {
                return Err(Error::NoRightToCreateDatabase {
                    role: options.effective_role().to_owned(),
                    database: options.url.database().to_owned(),
                    message: reason(&error),
                });
            }
            _ => return Err(Error::database("create the database")(error)),
        }
    }
}

/// The result of waiting for the turn to create a database.
enum CreationTurn {
    Acquired,
    /// The database already exists.
    AlreadyExists,
}

/// Waits until this session may create the database or another session has created it. Otherwise each of several sessions
/// would copy the whole template, and all copies but one would be discarded.
async fn wait_for_turn(
    maintenance: &mut PgConnection,
    options: &SessionOptions,
) -> Result<CreationTurn, sqlx::Error> {
    let database = options.url.database();
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = {}) AS already_exists, \
         pg_try_advisory_lock({}) AS locked",
        literal(database),
        LockKey::from_text(&format!("database {database}"))
    );
    let started_at = Instant::now();
    loop {
        let row = maintenance.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await?;
        if row.try_get("already_exists")? {
            return Ok(CreationTurn::AlreadyExists);
        }
        // The lock ends with this connection. After the wait, this session tries without the lock.
        if row.try_get("locked")? || started_at.elapsed() >= options.wait {
            return Ok(CreationTurn::Acquired);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Drops the database of the URL if it exists, and ends the sessions in it.
///
/// # Errors
/// Fails if the connection cannot be opened, or if the role may not drop the database.
pub(crate) async fn drop_database(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<(), Error> {
    let mut maintenance = connect_to_maintenance(options, events).await?;
    drop_on(&mut maintenance, options).await?;
    close(maintenance).await;
    Ok(())
}

/// Drops the database of the URL in a session of another database.
pub(crate) async fn drop_on(
    maintenance: &mut PgConnection,
    options: &SessionOptions,
) -> Result<(), Error> {
    let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(options.url.database()));
    let dropped = maintenance.execute(AssertSqlSafe(sql)).await;
    dropped.map(drop).map_err(Error::database("drop the database"))
}

/// Connects to a database that every server has: `postgres`, or else `template1`. Fails if the session accepts no changes.
pub(crate) async fn connect_to_maintenance(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<PgConnection, Error> {
    let connect = async |options: SessionOptions| connect::connection(&options, events).await;
    let mut connection = in_maintenance_database(options, connect).await?;
    let sql = format!("SELECT {}", WriteAccess::COLUMNS);
    let row = connection.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql))).await;
    let access = row.and_then(|row| WriteAccess::from_row(&row));
    let doing = "check whether the server accepts changes";
    access.map_err(Error::database(doing))?.ensure_read_write(options)?;
    Ok(connection)
}

/// Connects to the maintenance database as [`connect_to_maintenance`] does, and returns a [`Session`].
async fn maintenance_session(
    options: &SessionOptions,
    events: Events<'_>,
) -> Result<Session, Error> {
    let connect = async |options: SessionOptions| Session::connect(options, events).await;
    Ok(in_maintenance_database(options, connect).await?)
}

async fn in_maintenance_database<T>(
    options: &SessionOptions,
    connect: impl AsyncFn(SessionOptions) -> Result<T, ConnectError>,
) -> Result<T, ConnectError> {
    let with = |database: &str| SessionOptions {
        url: options.url.with_database(database),
        ..options.clone()
    };
    // A session cannot drop the database that it is connected to.
    if options.url.database() == "postgres" {
        return connect(with("template1")).await;
    }
    match connect(with("postgres")).await {
        Err(ConnectError::NoDatabase { .. }) => connect(with("template1")).await,
        result => result,
    }
}
