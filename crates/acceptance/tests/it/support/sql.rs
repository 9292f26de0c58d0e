//! The database as the test sees it, beside the process that it tries.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    Statement, TransactionTrait as _,
};

use test_support::Deadline;

fn statement(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, sql.to_owned())
}

/// A few connections to a database that is not the test's own.
pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(3).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("{error}: {url}"))
}

/// Runs statements, one or several.
pub(crate) async fn execute(connection: &impl ConnectionTrait, sql: &str) {
    if let Err(error) = connection.execute_unprepared(sql).await {
        panic!("{error}: {sql}");
    }
}

/// The first column of every row, which has to be text (`::text` makes it so); NULL is `-`.
pub(crate) async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Vec<String> {
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

/// The one text of a query that returns one row.
pub(crate) async fn text(connection: &impl ConnectionTrait, sql: &str) -> String {
    let mut rows = texts(connection, sql).await;
    match rows.pop() {
        Some(text) if rows.is_empty() => text,
        _ => panic!("not one row: {sql}"),
    }
}

/// Asks the boolean query again and again until it says true.
pub(crate) async fn wait_until(connection: &impl ConnectionTrait, sql: &str) {
    let deadline = Deadline::new();
    let query = format!("SELECT ({sql})::text");
    while text(connection, &query).await != "true" {
        deadline.check(|| format!("not true yet: {sql}"));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// An advisory lock that the test holds, so that a script that asks for it stands still there:
/// `SELECT pg_advisory_xact_lock_shared(number)`.
pub(crate) struct Gate {
    number: i32,
    held: DatabaseTransaction,
}

impl Gate {
    /// Takes it, before the script that shall stand still is started.
    pub(crate) async fn close(connection: &DatabaseConnection, number: i32) -> Self {
        let held = connection.begin().await.expect("a transaction");
        execute(&held, &format!("SELECT pg_advisory_xact_lock({number})")).await;
        Self { number, held }
    }

    /// Waits until somebody stands before it.
    pub(crate) async fn reached(&self, connection: &DatabaseConnection) {
        wait_until(
            connection,
            &format!(
                "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                 AND objid = {} AND database = (SELECT oid FROM pg_database \
                 WHERE datname = current_database()))",
                self.number
            ),
        )
        .await;
    }

    /// Lets everybody through.
    pub(crate) async fn open(self) {
        self.held.rollback().await.expect("the transaction ends");
    }
}
