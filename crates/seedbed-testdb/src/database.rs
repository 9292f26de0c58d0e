//! One database for one test.

use std::fmt::{self, Display};
use std::rc::Rc;

use sea_orm::DatabaseConnection;
use seedbed_engine::{Environment, Project};

use crate::instance::{End, Instance};
use crate::keeper::{Keeper, Work};
use crate::template::Contents;

/// A database that only this test has. At the test's end it is put back or dropped; if the test panics
/// it is kept, and how to look at it is printed.
///
/// # Panics
/// Each way to make one panics with what to do when it cannot be made: in a test that is the error.
pub struct TestDatabase {
    /// None at its end only.
    instance: Option<Instance>,
    url: String,
    connection: DatabaseConnection,
}

impl TestDatabase {
    /// With all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        Self::with(Some(Contents { project: *project, seeds_of: None })).await
    }

    /// With all migrations applied, and the seeds of that environment; an empty one is development.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seeds_of = Some(Environment::parse(environment).unwrap_or_default());
        Self::with(Some(Contents { project: *project, seeds_of })).await
    }

    /// With nothing in it.
    pub async fn empty() -> Self {
        Self::with(None).await
    }

    async fn with(contents: Option<Contents>) -> Self {
        let keeper = or_panic(Keeper::get());
        let ready = contents.as_ref().and_then(|contents| keeper.ready.begin_at_once(contents));
        let instance = match ready {
            Some(instance) => instance,
            None => {
                let instance = keeper.take(
                    async move |work: &Rc<Work>| work.begin_test(contents.as_ref()).await,
                    async |work: &Rc<Work>, unwanted| work.end_test(unwanted, End::Pass).await,
                );
                or_panic(instance.await)
            }
        };
        let url = keeper.server.url(&instance.name);
        let connection = DatabaseConnection::from(instance.pool.clone());
        Self { instance: Some(instance), url, connection }
    }

    /// A pool of up to four connections to it.
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

impl fmt::Debug for TestDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        let name = self.instance.as_ref().map(|instance| instance.name.as_str());
        f.debug_tuple("TestDatabase").field(&name.unwrap_or_default()).finish()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (Some(instance), Ok(keeper)) = (self.instance.take(), Keeper::get()) else {
            return;
        };
        let end = if std::thread::panicking() { End::Fail } else { End::Pass };
        let name = instance.name.clone();
        if end == End::Fail {
            let psql = keeper.server.psql(&name);
            eprintln!("the test's database is kept for seven days: {psql}");
        }
        let done =
            keeper.give_back(async move |work: &Rc<Work>| work.end_test(instance, end).await);
        if let Err(error) = done {
            eprintln!("the test's database is left to the next run, {name}: {error}");
        }
    }
}

pub(crate) fn or_panic<T, E: Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("no test database: {error}"))
}
