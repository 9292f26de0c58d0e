//! Runs the queries of a test.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};

use test_support::Deadline;

fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, sql.to_owned())
}

/// Opens a pool of up to three connections, for a database that is not the `TestDatabase` of the test.
///
/// # Panics
/// Panics if the server refuses the connection.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(3).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("{error}: {url}"))
}

/// Executes one or more statements.
///
/// # Panics
/// Panics if the server returns an error.
pub async fn execute(connection: &impl ConnectionTrait, sql: &str) {
    if let Err(error) = connection.execute_unprepared(sql).await {
        panic!("{error}: {sql}");
    }
}

/// Returns the first column of every row. The column must have a text type. NULL becomes `-`.
///
/// # Panics
/// Panics if the server returns an error, or if the column is not text.
pub async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = match connection.query_all_raw(statement(sql)).await {
        Ok(rows) => rows,
        Err(error) => panic!("{error}: {sql}"),
    };
    let text = |row: &sea_orm::QueryResult| row.try_get_by_index::<Option<String>>(0);
    rows.iter()
        .map(|row| match text(row) {
            Ok(text) => text.unwrap_or_else(|| "-".to_owned()),
            Err(error) => panic!("{error}: {sql}"),
        })
        .collect()
}

/// Returns the first column of the only row of a query, as [`texts`] does.
///
/// # Panics
/// Panics as [`texts`] does, or if the query does not return exactly one row.
pub async fn text(connection: &impl ConnectionTrait, sql: &str) -> String {
    let mut rows = texts(connection, sql).await;
    match rows.pop() {
        Some(text) if rows.is_empty() => text,
        _ => panic!("not one row: {sql}"),
    }
}

/// Repeats the boolean query until it returns true.
///
/// # Panics
/// Panics if the query does not return true within the deadline.
pub async fn wait_until(connection: &impl ConnectionTrait, sql: &str) {
    let deadline = Deadline::new();
    let query = format!("SELECT ({sql})::text");
    while text(connection, &query).await != "true" {
        deadline.check(|| format!("not true yet: {sql}"));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
