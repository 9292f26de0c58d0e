//! Executes an SQL file.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::error::Error;

/// Executes an SQL script in one transaction, and then resets the settings of the session.
///
/// # Errors
/// Fails if a statement fails, with its line if the server reports a position.
pub async fn execute_script(connection: &mut PgConnection, sql: &str) -> Result<(), Error> {
    let failed = |source: sqlx::Error| Error::Execute { line: line(&source, sql), source };
    let mut transaction = connection.begin().await.map_err(failed)?;
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    connection.execute("RESET ALL").await.map(drop).map_err(failed)
}

/// Returns the line of the position in the server's error, which counts characters.
fn line(error: &sqlx::Error, sql: &str) -> Option<usize> {
    use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    let Some(PgErrorPosition::Original(position)) = error.position() else {
        return None;
    };
    Some(sql.chars().take(position.saturating_sub(1)).filter(|c| *c == '\n').count() + 1)
}
