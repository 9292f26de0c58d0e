//! A test database and its schema.

use seedbed_schema::{DatabaseSchema, ReadOptions};
use seedbed_testdb::TestDatabase;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Executes the statements in a database that only this test uses, and reads the schema.
pub(crate) async fn read(sql: &str) -> DatabaseSchema {
    let database = TestDatabase::empty().await;
    let mut connection = PgConnection::connect(database.url()).await.expect("the new database");
    let script = sqlx::raw_sql(AssertSqlSafe(sql));
    connection.execute(script).await.expect("the statements are valid");
    DatabaseSchema::read(&mut connection, &ReadOptions::default())
        .await
        .expect("the schema can be read")
}
