//! One database for one test.

use std::fmt::Display;
use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use seedbed_engine::{
    Action, Interrupt, Kind, Options, Project, Request, Runner, Session, Target, Url,
    create_database, drop_database,
};

/// The variable that names the server.
const VARIABLE: &str = "TEST_DATABASE_URL";

/// A database that only this test has, dropped at its end.
///
/// # Panics
/// Each way to make one panics with what to do when it cannot be made: in a test that is the error.
#[derive(Debug)]
pub struct TestDatabase {
    options: Options,
    url: String,
    connection: Option<DatabaseConnection>,
}

impl TestDatabase {
    /// With all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        let database = Self::empty().await;
        database.apply(project, Kind::Migration).await;
        database
    }

    /// With all migrations applied, and the seeds of that environment.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let mut database = Self::empty().await;
        database.options.environment = environment.to_owned();
        database.apply(project, Kind::Migration).await;
        database.apply(project, Kind::Seed).await;
        database
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        let server = std::env::var(VARIABLE).unwrap_or_else(|_| {
            panic!("{VARIABLE} is not set: `make test` sets it, or set it to any database of a server for tests")
        });
        let name = format!("seedbed_test_{}", uuid::Uuid::new_v4().simple());
        let mut options = Options::new(or_panic(Url::parse(&server)).with_database(&name));
        options.application = "seedbed-testdb".to_owned();
        or_panic(create_database(&options, &|_| {}).await);
        let url = with_database(&server, &name);
        let mut connect = ConnectOptions::new(&url);
        connect.max_connections(4).sqlx_logging(false).acquire_timeout(Duration::from_secs(30));
        let connection = or_panic(Database::connect(connect).await);
        Self { options, url, connection: Some(connection) }
    }

    /// A pool of a few connections to it.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        self.connection.as_ref().unwrap_or_else(|| unreachable!("taken only by drop"))
    }

    /// Its URL, for a process of its own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn apply(&self, project: &Project, kind: Kind) {
        let session = or_panic(Session::connect(self.options.clone(), &|_| {}).await);
        let runner = or_panic(Runner::new(&session, project, &|_| {}, Interrupt::never()));
        let mut request = Request::new(Action::Up, Target::All);
        request.environment.clone_from(&self.options.environment);
        if let Err(failure) = runner.run(kind, &request).await {
            let hint = failure.error.hint().map(|hint| format!("\nhint: {hint}"));
            panic!("{}{}", failure.error, hint.unwrap_or_default());
        }
        drop(runner);
        session.close().await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the test's database is kept: psql '{}'", self.url);
            return;
        }
        let connection = self.connection.take();
        let options = self.options.clone();
        // The test's own runtime is about to end and may be single-threaded, so it cannot be waited
        // for from here: another thread drops the database, and the test waits for that thread.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                drop(connection);
                drop_database(&options, &|_| {}).await.map_err(std::io::Error::other)
            })
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("the test's database is left behind: {error}"),
            Err(_) => eprintln!("the test's database is left behind: psql '{}'", self.url),
        }
    }
}

fn or_panic<T, E: Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("no test database: {error}"))
}

/// The URL with another database in its path.
fn with_database(url: &str, database: &str) -> String {
    let (before, query) = match url.split_once('?') {
        Some((before, query)) => (before, format!("?{query}")),
        None => (url, String::new()),
    };
    let authority = before.find("://").map_or(0, |at| at + 3);
    let path = before[authority..].find('/').map_or(before.len(), |at| authority + at);
    format!("{}/{database}{query}", &before[..path])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_path_of_the_url_changes() {
        for (url, expected) in [
            ("postgres://u:p@h:1/a?x=/y", "postgres://u:p@h:1/b?x=/y"),
            ("postgres:///a?host=/tmp/s", "postgres:///b?host=/tmp/s"),
            ("postgres://h", "postgres://h/b"),
        ] {
            assert_eq!(with_database(url, "b"), expected);
        }
    }
}
