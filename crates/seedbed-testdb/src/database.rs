//! One database for one test.

use std::fmt::Display;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use seedbed_engine::Project;

use crate::keeper::{End, Keeper};
use crate::template::Contents;

/// A database that only this test has, dropped at its end; if the test panics it is kept, and how to
/// look at it is printed.
///
/// # Panics
/// Each way to make one panics with what to do when it cannot be made: in a test that is the error.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
    connection: DatabaseConnection,
}

impl TestDatabase {
    /// With all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        Self::with(Some(Contents { project: *project, seeds_of: None })).await
    }

    /// With all migrations applied, and the seeds of that environment.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seeds_of = Some(environment.to_owned());
        Self::with(Some(Contents { project: *project, seeds_of })).await
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::with(None).await
    }

    async fn with(contents: Option<Contents>) -> Self {
        let keeper = or_panic(Keeper::get());
        let name = or_panic(keeper.instance(contents).await);
        let url = keeper.url(&name);
        let mut connect = ConnectOptions::new(&url);
        connect.max_connections(4).sqlx_logging(false).acquire_timeout(Duration::from_secs(30));
        let connection = or_panic(Database::connect(connect).await);
        Self { name, url, connection }
    }

    /// A pool of a few connections to it.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Its URL, for a process of its own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let end = if std::thread::panicking() { End::Keep } else { End::Drop };
        if end == End::Keep {
            eprintln!("the test's database is kept for seven days: psql '{}'", self.url);
        }
        let done = Keeper::get().and_then(|keeper| keeper.end(&self.name, end));
        if let Err(error) = done {
            eprintln!("the test's database is left to the next run, {}: {error}", self.name);
        }
    }
}

fn or_panic<T, E: Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("no test database: {error}"))
}
