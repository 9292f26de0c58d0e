//! Databases, and the round trip that every test makes.

use seedbed_catalog::{Catalog, Options, diff, load};
use seedbed_testdb::TestDatabase;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// A database of the test's own with one connection to it.
pub(crate) struct Scratch {
    pub(crate) connection: PgConnection,
    _database: TestDatabase,
}

impl Scratch {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::empty().await;
        let connection = PgConnection::connect(database.url()).await.expect("it was just made");
        let mut scratch = Self { connection, _database: database };
        // The server takes most of the time of a reading to look for the best order of its joins.
        scratch.run("SET join_collapse_limit = 1; SET from_collapse_limit = 1").await;
        scratch
    }

    pub(crate) async fn with(sql: &str) -> Self {
        let mut scratch = Self::new().await;
        scratch.run(sql).await;
        scratch
    }

    /// Drops everything, as far as that is in a schema, an extension or an event trigger.
    pub(crate) async fn empty(&mut self) {
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

    /// As in psql: each statement by itself unless the text says BEGIN.
    pub(crate) async fn run(&mut self, sql: &str) {
        let done = self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        if let Err(error) = done {
            panic!("{error}: {sql}");
        }
    }

    /// Whether the server took it.
    pub(crate) async fn try_run(&mut self, sql: &str) -> bool {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.is_ok()
    }

    pub(crate) async fn read(&mut self) -> Catalog {
        Catalog::read(&mut self.connection, &Options::default()).await.expect("it can be read")
    }

    /// The server's version, such as 15.
    pub(crate) async fn version(&mut self) -> i32 {
        let sql = "SELECT current_setting('server_version_num')::int4 / 10000";
        sqlx::query_scalar(sql).fetch_one(&mut self.connection).await.expect("a number")
    }
}

/// Loads what was written into the other database, emptied, reads that, and expects the same.
pub(crate) async fn round_trip(catalog: &Catalog, other: &mut Scratch) {
    let sql = catalog.to_sql();
    other.empty().await;
    if let Err(error) = load(&mut other.connection, &sql).await {
        panic!("{error}\n{sql}");
    }
    let loaded = other.read().await.as_from_file();
    let changes: Vec<String> =
        diff(&catalog.clone().as_from_file(), &loaded).iter().map(ToString::to_string).collect();
    assert!(changes.is_empty(), "{}\n\nwritten:\n{sql}", changes.join("\n"));
    assert_eq!(loaded.to_sql(), sql);
}

/// The names of what differs.
pub(crate) fn names(before: &Catalog, after: &Catalog) -> Vec<String> {
    diff(before, after).iter().map(|change| change.object.to_string()).collect()
}
