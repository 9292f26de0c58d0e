//! What the backend does before anything else.

use rds::SchemaCheckError;
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};

/// Connects, and makes sure that the migrations of this build are applied. Applies none, takes no
/// lock and creates nothing: deploying a schema is `migrator`'s work.
///
/// # Errors
/// When the URL is malformed, the database cannot be reached, or its schema is not current; that one
/// names what is pending.
pub async fn start(url: &str) -> Result<DatabaseConnection, StartError> {
    // Not `Database::connect`: its error repeats the URL, and with it the password.
    let options: PgConnectOptions = url.parse().map_err(StartError::Url)?;
    // The pool tries until its timeout is over, and then says no more than that.
    let first = options.connect().await.map_err(StartError::Connect)?;
    first.close().await.map_err(StartError::Connect)?;
    let db = DatabaseConnection::from(PgPoolOptions::new().connect_lazy_with(options));
    rds::ensure_schema_is_current(&db).await?;
    Ok(db)
}

/// Why the backend does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The URL is not one.
    #[error("DATABASE_URL is malformed")]
    Url(#[source] sqlx::Error),
    /// The database cannot be reached.
    #[error("could not connect to the database")]
    Connect(#[source] sqlx::Error),
    /// The schema is not the one that this build was made for.
    #[error(transparent)]
    Schema(#[from] SchemaCheckError),
}
