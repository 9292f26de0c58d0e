//! Creating and dropping whole databases, by way of the maintenance database.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::connect::{self, ConnectError, Options};
use crate::error::{Error, code};
use crate::event::Events;
use crate::lock::LockKey;
use seedbed_sql::{quote_ident as ident, quote_literal as literal};

/// The comment on a database that `fresh-start` created for development, so that a hint may suggest to recreate it.
pub(crate) const CREATED_BY_FRESH_START: &str = "created by seedbed fresh-start for development";

/// What became of the wish for a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// It was made now.
    Now,
    /// It was there, or another one who wished for it was faster.
    Before,
}

/// Creates the database of the URL unless it is there.
///
/// # Errors
/// When there is no connection, or the role may not create databases.
pub async fn create_database(options: &Options, events: Events<'_>) -> Result<Created, Error> {
    // Mostly it is there, and then this costs one connection and needs no other database.
    match connect::connection(options, events).await {
        Ok(connection) => {
            // It was only to see.
            let _ = connection.close().await;
            return Ok(Created::Before);
        }
        Err(ConnectError::NoDatabase { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let mut maintenance = maintenance(options, events).await?;
    let turn = turn(&mut maintenance, options).await;
    match turn.map_err(Error::database("look for the database"))? {
        Turn::Came => {}
        Turn::NotNeeded => return Ok(Created::Before),
    }
    let database = ident(options.url.database());
    let created =
        create_by(&mut maintenance, options, &format!("CREATE DATABASE {database}")).await?;
    if created == Created::Now && options.environment == "development" {
        let comment = literal(CREATED_BY_FRESH_START);
        let mark = format!("COMMENT ON DATABASE {database} IS {comment}");
        maintenance
            .execute(AssertSqlSafe(mark))
            .await
            .map_err(Error::database("mark the database"))?;
    }
    Ok(created)
}

/// Creates the database of the URL by that statement, in a session that is in another one.
pub(crate) async fn create_by(
    maintenance: &mut PgConnection,
    options: &Options,
    sql: &str,
) -> Result<Created, Error> {
    let begun = Instant::now();
    loop {
        let error = match maintenance.execute(AssertSqlSafe(sql)).await {
            Ok(_) => return Ok(Created::Now),
            Err(error) => error,
        };
        match error.as_database_error().and_then(|error| error.code()).as_deref() {
            // duplicate_database, or the unique index of the catalog when two are at it at once.
            Some("42P04" | "23505") => return Ok(Created::Before),
            // Somebody looks at template1 just now.
            Some("55006") if begun.elapsed() < options.wait => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Some(code::INSUFFICIENT_PRIVILEGE) => {
                return Err(Error::NoRightToCreateDatabase {
                    role: options.url.user().to_owned(),
                    database: options.url.database().to_owned(),
                    message: connect::reason(&error),
                });
            }
            _ => return Err(Error::database("create the database")(error)),
        }
    }
}

/// Whose turn it is to create a database.
enum Turn {
    Came,
    /// It is there.
    NotNeeded,
}

/// Waits until this one may create the database, or another one has. Of several at once each would
/// copy the whole template, and all but one for nothing.
async fn turn(maintenance: &mut PgConnection, options: &Options) -> Result<Turn, sqlx::Error> {
    let database = options.url.database();
    let sql = format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = {}) AS there, \
         pg_try_advisory_lock({}) AS locked",
        literal(database),
        LockKey::from_text(&format!("database {database}"))
    );
    let begun = Instant::now();
    loop {
        let row = maintenance.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql.clone()))).await?;
        if row.try_get("there")? {
            return Ok(Turn::NotNeeded);
        }
        // The lock ends with this connection. Who has it for longer than that is no help.
        if row.try_get("locked")? || begun.elapsed() >= options.wait {
            return Ok(Turn::Came);
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Drops the database of the URL if it is there, ending the sessions in it.
///
/// # Errors
/// When there is no connection, or the role may not drop it.
pub async fn drop_database(options: &Options, events: Events<'_>) -> Result<(), Error> {
    let mut maintenance = maintenance(options, events).await?;
    let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(options.url.database()));
    maintenance
        .execute(AssertSqlSafe(sql))
        .await
        .map(drop)
        .map_err(Error::database("drop the database"))
}

/// A connection to a database that every server has: `postgres`, else `template1`.
pub(crate) async fn maintenance(
    options: &Options,
    events: Events<'_>,
) -> Result<PgConnection, ConnectError> {
    let with =
        |database: &str| Options { url: options.url.with_database(database), ..options.clone() };
    // Nobody can drop the database that he is connected to.
    if options.url.database() == "postgres" {
        return connect::connection(&with("template1"), events).await;
    }
    match connect::connection(&with("postgres"), events).await {
        Err(ConnectError::NoDatabase { .. }) => {
            connect::connection(&with("template1"), events).await
        }
        result => result,
    }
}
