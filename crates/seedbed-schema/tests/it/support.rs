//! Test databases, and the round trip that most tests make.

use seedbed_schema::{DatabaseSchema, ReadOptions, diff, execute_sql_file};
use seedbed_testdb::TestDatabase;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// A connection to a database that only this test uses.
pub(crate) struct TestConnection {
    pub(crate) connection: PgConnection,
    _database: TestDatabase,
}

impl TestConnection {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::empty().await;
        let connection = PgConnection::connect(database.url()).await.expect("the new database");
        let mut database = Self { connection, _database: database };
        // Otherwise, the server spends most of the time on planning the joins.
        database.run("SET join_collapse_limit = 1; SET from_collapse_limit = 1").await;
        database
    }

    pub(crate) async fn with(sql: &str) -> Self {
        let mut database = Self::new().await;
        database.run(sql).await;
        database
    }

    /// Drops all schemas, extensions and event triggers.
    pub(crate) async fn drop_everything(&mut self) {
        self.run(
            "DO $$ DECLARE statement text; BEGIN FOR statement IN
                SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger
                UNION ALL SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension
                WHERE extname <> 'plpgsql'
                UNION ALL SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
                WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
             LOOP EXECUTE statement; END LOOP; CREATE SCHEMA public; END $$",
        )
        .await;
    }

    /// Runs the statements in one query, which is one transaction.
    pub(crate) async fn run(&mut self, sql: &str) {
        let done = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        if let Err(error) = done {
            panic!("{error}: {sql}");
        }
    }

    /// Returns whether the server accepted the statements.
    pub(crate) async fn try_run(&mut self, sql: &str) -> bool {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.is_ok()
    }

    pub(crate) async fn read(&mut self) -> DatabaseSchema {
        let options = ReadOptions::default();
        DatabaseSchema::read(&mut self.connection, &options).await.expect("the schema can be read")
    }

    /// Returns the major version of the server.
    pub(crate) async fn version(&mut self) -> i32 {
        let sql = "SELECT current_setting('server_version_num')::int4 / 10000";
        sqlx::query_scalar(sql).fetch_one(&mut self.connection).await.expect("a number")
    }
}

/// Empties the other database, executes the schema's SQL in it, and asserts that both schemas are equal.
pub(crate) async fn round_trip(schema: &DatabaseSchema, other: &mut TestConnection) {
    let sql = schema.to_sql();
    other.drop_everything().await;
    if let Err(error) = execute_sql_file(&mut other.connection, &sql).await {
        panic!("{error}\n{sql}");
    }
    let loaded = other.read().await.without_runtime_state();
    let changes: Vec<String> = diff(&schema.clone().without_runtime_state(), &loaded)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(changes.is_empty(), "{}\n\nwritten:\n{sql}", changes.join("\n"));
    assert_eq!(loaded.to_sql(), sql);
}

/// Returns the names of the objects that differ.
pub(crate) fn changed_names(before: &DatabaseSchema, after: &DatabaseSchema) -> Vec<String> {
    diff(before, after).iter().map(|change| change.object().to_string()).collect()
}
