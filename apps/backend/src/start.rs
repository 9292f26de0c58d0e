//! Starts the backend: connects, and checks the schema.

use rds::SchemaCheckError;
use sea_orm::DatabaseConnection;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::{self, ConnectOptions, Connection};

/// Connects, and fails unless the migrations of this build are applied. Applies none itself, takes no lock and creates
/// nothing, because the `migrator` deploys the schema.
///
/// # Errors
/// Fails if the URL is malformed, the database cannot be reached, or its schema is not current. The error about the
/// schema names the pending migrations.
pub async fn start(url: &str) -> Result<DatabaseConnection, StartError> {
    // The error of `Database::connect` would repeat the URL, and with it the password.
    let options: PgConnectOptions = url.parse().map_err(StartError::Url)?;
    // The pool would retry until its timeout has elapsed, and report only the timeout.
    let first = options.connect().await.map_err(StartError::Connect)?;
    first.close().await.map_err(StartError::Connect)?;
    let db = DatabaseConnection::from(PgPoolOptions::new().connect_lazy_with(options));
    rds::ensure_schema_is_current(&db).await?;
    Ok(db)
}

/// The reason why the backend does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The URL is malformed.
    #[error("`DATABASE_URL` is malformed")]
    Url(#[source] sqlx::Error),
    /// The database cannot be reached.
    #[error("failed to connect to the database")]
    Connect(#[source] sqlx::Error),
    /// The schema is not the one that this build requires.
    #[error(transparent)]
    Schema(#[from] SchemaCheckError),
}
