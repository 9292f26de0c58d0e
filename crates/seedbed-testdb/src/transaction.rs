//! Tests that share one instance, each in a transaction that is rolled back.

use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    TransactionTrait as _,
};
use seedbed_engine::Project;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{Connection as _, Executor as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::database::or_panic;
use crate::instance::{End, Instance};
use crate::keeper::{Keeper, Work};
use crate::server::Server;
use crate::slots::POOL;
use crate::template::{Contents, said};

/// Set in the transaction, and gone with it.
const MARK: &str = "seedbed_testdb.in_transaction";

/// A transaction in a migrated database, rolled back at the end of the test: for tests that need no
/// second connection and commit nothing. Several share the database; what they write nobody else sees.
///
/// What PostgreSQL itself does not roll back is not rolled back: values drawn from a sequence stay
/// drawn, and a setting with a name of one's own, once set, reads as empty and no longer as missing.
///
/// # Panics
/// Each way to make one panics with what to do when it cannot be made. Its end panics if the test has
/// ended the transaction by a statement of its own: what was written was committed.
#[derive(Debug)]
pub struct TestTransaction {
    /// None at its end only.
    begun: Option<Begun>,
}

impl TestTransaction {
    /// In a database with all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        Self::with(Contents { project: *project, seeds_of: None }).await
    }

    /// In one with all migrations applied, and the seeds of that environment.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seeds_of = Some(environment.to_owned());
        Self::with(Contents { project: *project, seeds_of }).await
    }

    async fn with(contents: Contents) -> Self {
        let keeper = or_panic(Keeper::get());
        let begun = keeper.take(
            async move |work: &Rc<Work>| work.begin(&contents).await,
            async |work: &Rc<Work>, unwanted| work.end(unwanted).await,
        );
        Self { begun: Some(or_panic(begun.await)) }
    }

    /// The transaction. Beginning one in it makes a savepoint.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it is there until the end")]
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.begun.as_ref().expect("it is there until the end").transaction
    }
}

impl Drop for TestTransaction {
    fn drop(&mut self) {
        let (Some(begun), Ok(keeper)) = (self.begun.take(), Keeper::get()) else {
            return;
        };
        let ended = keeper.give_back(async move |work: &Rc<Work>| work.end(begun).await);
        if let Err(error) = ended {
            if std::thread::panicking() {
                eprintln!("{error}");
            } else {
                panic!("{error}");
            }
        }
    }
}

/// An instance in which several tests are at once.
#[derive(Debug)]
pub(crate) struct Shared {
    template: String,
    /// None once a test has committed into it.
    instance: Mutex<Option<Instance>>,
    /// Sessions without a transaction, each in a pool of its own.
    idle: Mutex<Vec<PgPool>>,
    /// As many sessions as the instance's slot stands for.
    sessions: Arc<Semaphore>,
}

/// A transaction that a test is in.
#[derive(Debug)]
pub(crate) struct Begun {
    transaction: DatabaseTransaction,
    session: PgPool,
    shared: Arc<Shared>,
    _permit: OwnedSemaphorePermit,
}

/// A pool that has one session, opened here, and can only open it again.
async fn open(server: &Server, name: &str) -> Result<PgPool, String> {
    let options = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
    let options = options.idle_timeout(None).max_lifetime(None);
    options.connect_with(server.options(name)).await.map_err(said)
}

async fn begin(session: &PgPool) -> Result<DatabaseTransaction, DbErr> {
    let transaction = DatabaseConnection::from(session.clone()).begin().await?;
    transaction.execute_unprepared(&format!("SET LOCAL {MARK} = 'yes'")).await?;
    Ok(transaction)
}

/// Whether the transaction is the one that was begun.
async fn is_whole(transaction: &DatabaseTransaction) -> bool {
    let sql = format!("SELECT current_setting('{MARK}', true) = 'yes' AS whole");
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    match transaction.query_one_raw(statement).await {
        Ok(row) => row.is_some_and(|row| row.try_get("", "whole").unwrap_or(false)),
        // It has failed, or the session has ended: either way nothing was committed.
        Err(_) => true,
    }
}

/// Makes a session what it was when it was opened.
async fn clean(session: &PgPool) -> Result<(), sqlx::Error> {
    let mut connection = session.acquire().await?;
    // The driver forgets the statements that the server forgets.
    connection.clear_cached_statements().await?;
    connection.execute("DISCARD ALL").await.map(drop)
}

impl Work {
    pub(crate) async fn begin(self: &Rc<Self>, contents: &Contents) -> Result<Begun, String> {
        let shared = self.share(contents).await?;
        let permit = Arc::clone(&shared.sessions).acquire_owned().await;
        let permit = permit.map_err(|error| error.to_string())?;
        let name = lock(&shared.instance).as_ref().map(|instance| instance.name.clone());
        let name = name.ok_or_else(|| SPOILT.to_owned())?;
        let idle = lock(&shared.idle).pop();
        if let Some(session) = idle
            && let Ok(transaction) = begin(&session).await
        {
            return Ok(Begun { transaction, session, shared, _permit: permit });
        }
        let session = open(&self.server, &name).await?;
        let transaction = begin(&session).await.map_err(|error| error.to_string())?;
        Ok(Begun { transaction, session, shared, _permit: permit })
    }

    /// The instance that this process's transactions share.
    async fn share(self: &Rc<Self>, contents: &Contents) -> Result<Arc<Shared>, String> {
        let template = self.template(contents).await?.name.clone();
        let mut all = self.shared.lock().await;
        if let Some(shared) = all.get(&template) {
            return Ok(Arc::clone(shared));
        }
        let instance = self.take(Some(contents)).await?;
        // Its pool's session would count against the slot.
        instance.pool.close().await;
        let shared = Arc::new(Shared {
            template: template.clone(),
            instance: Mutex::new(Some(instance)),
            idle: Mutex::default(),
            sessions: Arc::new(Semaphore::new(POOL as usize)),
        });
        all.insert(template, Arc::clone(&shared));
        Ok(shared)
    }

    pub(crate) async fn end(self: &Rc<Self>, begun: Begun) -> Result<(), String> {
        let Begun { transaction, session, shared, _permit } = begun;
        let whole = is_whole(&transaction).await;
        // A session that has ended has rolled back.
        let rolled_back = transaction.rollback().await.is_ok();
        if !whole {
            self.shared.lock().await.remove(&shared.template);
            // The other tests in it see what was committed, so their sessions may end with it.
            let instance = lock(&shared.instance).take();
            if let Some(instance) = instance {
                self.give_back(instance, End::Pass).await?;
            }
            return Err(SPOILT.to_owned());
        }
        if rolled_back && clean(&session).await.is_ok() {
            lock(&shared.idle).push(session);
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const SPOILT: &str = "a test has ended the transaction of its TestTransaction, so what it wrote was \
    committed\nhint: a test that commits takes a database of its own: TestDatabase::new";
