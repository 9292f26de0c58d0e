//! A database for one test.

use std::borrow::Borrow;
use std::fmt;
use std::rc::Rc;

use sea_orm::DatabaseConnection;
use seedbed_engine::{Environment, Project};

use crate::error::{Error, Result};
use crate::instance::{Instance, TestOutcome};
use crate::manager::{Manager, ManagerState};
use crate::template::TemplateSpec;

/// A database that only one test uses.
///
/// When the test ends, the database is reset for the next test, or dropped. If the test panics, the database is kept,
/// and the command that opens it is printed.
///
/// # Panics
/// Each constructor panics if the database cannot be created. The message has a hint.
pub struct TestDatabase {
    /// The instance, or `None` while the value is dropped.
    instance: Option<Instance>,
    url: String,
    connection: DatabaseConnection,
}

impl TestDatabase {
    /// Creates a database with all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        Self::create(Some(TemplateSpec { project: *project, seed_environment: None })).await
    }

    /// Creates a database with all migrations applied, and the seeds of the given environment. An empty name means
    /// development.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seed_environment = Some(Environment::parse(environment).unwrap_or_default());
        Self::create(Some(TemplateSpec { project: *project, seed_environment })).await
    }

    /// Creates an empty database.
    pub async fn empty() -> Self {
        Self::create(None).await
    }

    async fn create(spec: Option<TemplateSpec>) -> Self {
        let manager = unwrap_or_panic(Manager::get());
        let warm = spec.as_ref().and_then(|spec| manager.warm_pool.try_start_test(spec));
        let instance = match warm {
            Some(instance) => instance,
            None => {
                let instance = manager.acquire(
                    async move |state: &Rc<ManagerState>| state.start_test(spec.as_ref()).await,
                    async |state: &Rc<ManagerState>, unclaimed| {
                        state.end_test(unclaimed, TestOutcome::Passed).await
                    },
                );
                unwrap_or_panic(instance.await)
            }
        };
        let url = manager.server.url(&instance.name);
        let connection = DatabaseConnection::from(instance.pool.clone());
        Self { instance: Some(instance), url, connection }
    }

    /// Returns a pool of up to four connections to the database.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Returns the URL of the database, for a program that connects by itself.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for TestDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL can contain a password, so only the name is shown.
        let name = self.instance.as_ref().map(|instance| instance.name.as_str());
        f.debug_tuple("TestDatabase").field(&name.unwrap_or_default()).finish()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (Some(instance), Ok(manager)) = (self.instance.take(), Manager::get()) else {
            return;
        };
        let outcome =
            if std::thread::panicking() { TestOutcome::Failed } else { TestOutcome::Passed };
        let name = instance.name.clone();
        if outcome == TestOutcome::Failed {
            let psql = manager.server.psql_command(&name);
            eprintln!("the database of the failed test is kept for seven days: {psql}");
        }
        let released = manager
            .release(async move |state: &Rc<ManagerState>| state.end_test(instance, outcome).await);
        if let Err(error) = released {
            eprintln!(
                "warning: failed to release the test database `{name}`, which the next run cleans up: {}",
                error.report()
            );
        }
    }
}

/// Returns the value, or panics with the error and its hint, which fails the test.
pub(crate) fn unwrap_or_panic<T>(result: Result<T, impl Borrow<Error>>) -> T {
    result.unwrap_or_else(|error| {
        panic!("failed to create a test database: {}", error.borrow().report())
    })
}
