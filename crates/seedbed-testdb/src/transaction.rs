//! Tests that share one instance, each in a transaction that is rolled back.

use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement,
    TransactionTrait as _,
};
use seedbed_engine::{Environment, Project};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::connection_budget::CONNECTIONS_PER_TEST;
use crate::database::unwrap_or_panic;
use crate::error::{Error, Result};
use crate::instance::{self, Instance, TestOutcome};
use crate::manager::{Manager, ManagerState};
use crate::template::TemplateSpec;
use crate::wait::Wait;

/// The time that a rollback may take before the session is terminated, because the test may have abandoned a statement
/// that still runs.
const ROLLBACK_TIMEOUT: Duration = Duration::from_millis(500);

/// A transaction in a migrated database, for a test that needs no second connection and commits nothing.
///
/// The transaction is rolled back when the test ends. The transactions of a process share one database, and no
/// transaction sees the writes of another one.
///
/// PostgreSQL does not roll back everything. A value drawn from a sequence stays drawn. A custom setting that was set
/// once reads as empty afterward instead of missing.
///
/// # Panics
/// Each constructor panics if the database cannot be created. The message has a hint. The end of the test panics if a
/// statement of the test has ended the transaction, because then the test has committed its writes.
#[derive(Debug)]
pub struct TestTransaction {
    /// The state, or `None` while the value is dropped.
    state: Option<TransactionState>,
}

impl TestTransaction {
    /// Begins a transaction in a database with all migrations of the project applied.
    pub async fn new(project: &Project) -> Self {
        Self::begin(TemplateSpec { project: *project, seed_environment: None }).await
    }

    /// Begins a transaction in a database with all migrations applied, and the seeds of the given environment. An empty
    /// name means development.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seed_environment = Some(Environment::parse(environment).unwrap_or_default());
        Self::begin(TemplateSpec { project: *project, seed_environment }).await
    }

    async fn begin(spec: TemplateSpec) -> Self {
        let manager = unwrap_or_panic(Manager::get());
        let transaction = manager.acquire(
            async move |state: &Rc<ManagerState>| state.begin_transaction(&spec).await,
            async |state: &Rc<ManagerState>, unclaimed| state.end_transaction(unclaimed).await,
        );
        Self { state: Some(unwrap_or_panic(transaction.await)) }
    }

    /// Returns the transaction. A transaction that begins inside this transaction is a savepoint.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the state is `None` only while the value is dropped"
    )]
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.state.as_ref().expect("the value is not dropped yet").transaction
    }
}

impl Drop for TestTransaction {
    fn drop(&mut self) {
        let (Some(transaction), Ok(manager)) = (self.state.take(), Manager::get()) else {
            return;
        };
        let ended = manager.release(async move |state: &Rc<ManagerState>| {
            state.end_transaction(transaction).await
        });
        if let Err(error) = ended {
            if std::thread::panicking() {
                eprintln!("{}", error.report());
            } else {
                panic!("{}", error.report());
            }
        }
    }
}

/// An instance that the transactions of several tests share.
///
/// ```text
///   acquired ──► shared ──┬── a test commits ──────────────────► released
///                 ▲   │   └── idle, and a test needs its slot ──► released
///                 └───┘
///        grow: one more slot, four more transactions
/// ```
#[derive(Debug)]
pub(crate) struct SharedInstance {
    template: String,
    /// The instance, or `None` once it is released.
    instance: Mutex<Option<Instance>>,
    /// The sessions without a transaction, each in a separate pool.
    idle_sessions: Mutex<Vec<PgPool>>,
    /// The permits, one for each session that the slots stand for.
    session_permits: Arc<Semaphore>,
    /// The slots in addition to the instance's own, for more transactions at once.
    extra_slots: Mutex<Vec<i32>>,
}

impl SharedInstance {
    /// Returns whether no transaction uses the instance.
    fn is_idle(&self) -> bool {
        let slots = 1 + lock(&self.extra_slots).len();
        self.session_permits.available_permits() == CONNECTIONS_PER_TEST as usize * slots
    }
}

/// An open transaction of a test, and the resources that it occupies.
#[derive(Debug)]
pub(crate) struct TransactionState {
    transaction: DatabaseTransaction,
    id: TransactionId,
    session: PgPool,
    shared: Arc<SharedInstance>,
    permit: OwnedSemaphorePermit,
}

/// Identifies a transaction by its server process, its number, and the time at which it started.
#[derive(Debug, Clone)]
struct TransactionId {
    pid: i32,
    xid: String,
    /// The start of the transaction in microseconds since the epoch, as [`STARTED_AT`] returns them.
    started_at: i64,
}

/// The expression that converts `xact_start` to an integer, which can be compared exactly.
const STARTED_AT: &str = "(extract(epoch FROM xact_start) * 1000000)::bigint";

async fn begin(session: &PgPool) -> Result<(DatabaseTransaction, TransactionId), DbErr> {
    let transaction = DatabaseConnection::from(session.clone()).begin().await?;
    let sql = format!(
        "SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid, {STARTED_AT} AS started_at \
         FROM transaction_timestamp() AS q (xact_start)"
    );
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = transaction.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| {
        DbErr::RecordNotFound("the server returned no row for the new transaction".to_owned())
    })?;
    let (pid, xid) = (row.try_get("", "pid")?, row.try_get("", "xid")?);
    let id = TransactionId { pid, xid, started_at: row.try_get("", "started_at")? };
    Ok((transaction, id))
}

/// The state of a test's transaction.
///
/// ```text
///   open ──┬── nothing committed ──────► Uncommitted ──► rolled back, session used again
///          ├── a statement ended it ───► Ended ────────► instance released, the test fails
///          └── its session has ended ──► Unknown ──────► instance released
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TransactionStatus {
    /// The transaction is open or has failed. Nothing was committed.
    Uncommitted,
    /// The transaction is no longer open. Its writes may have been committed.
    Ended,
    /// The session has ended, and the server no longer knows the outcome.
    Unknown,
}

/// Returns the status of a transaction. The status is queried in another session, because a failed transaction refuses
/// queries.
async fn status(
    admin: &mut PgConnection,
    id: &TransactionId,
) -> Result<TransactionStatus, sqlx::Error> {
    let sql = format!(
        "SELECT {STARTED_AT} AS started_at, state LIKE '%aborted%' AS failed, state = 'active' AS active, \
         pg_xact_status($2::xid8) = 'committed' AS committed FROM pg_stat_activity WHERE pid = $1"
    );
    loop {
        let query = sqlx::query(AssertSqlSafe(sql.clone())).bind(id.pid).bind(&id.xid);
        let Some(row) = query.fetch_optional(&mut *admin).await? else {
            return Ok(TransactionStatus::Unknown);
        };
        let started_at: Option<i64> = row.try_get("started_at")?;
        let (failed, active): (bool, bool) = (row.try_get("failed")?, row.try_get("active")?);
        let committed: bool = row.try_get("committed")?;
        // The server reports an error to the client shortly before it updates the state.
        if started_at.is_none() && active {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        // The server no longer returns the start of a failed transaction.
        let is_same = started_at == Some(id.started_at) || failed;
        return Ok(if is_same && !committed {
            TransactionStatus::Uncommitted
        } else {
            TransactionStatus::Ended
        });
    }
}

/// Returns a session to the state that it had when it was opened.
async fn discard_session_state(session: &PgPool) -> Result<(), sqlx::Error> {
    let mut connection = session.acquire().await?;
    // The server forgets the prepared statements of the session, so the driver must forget them too.
    connection.clear_cached_statements().await?;
    connection.execute("DISCARD ALL").await.map(drop)
}

impl ManagerState {
    /// Begins a transaction in the instance that the transactions of this process share.
    pub(crate) async fn begin_transaction(
        self: &Rc<Self>,
        spec: &TemplateSpec,
    ) -> Result<TransactionState> {
        let mut wait = Wait::new("another transaction to end");
        loop {
            let shared = self.shared_instance(spec).await?;
            let Ok(permit) = Arc::clone(&shared.session_permits).try_acquire_owned() else {
                let seen = self.change_count.get();
                match self.try_acquire_slot().await? {
                    Some(slot) => self.grow(&shared, slot).await?,
                    None => self.wait_for_change(seen).await,
                }
                wait.print_if_due();
                continue;
            };
            let name = lock(&shared.instance).as_ref().map(|instance| instance.name.clone());
            // The instance was released meanwhile, so another one is shared next.
            let Some(name) = name else { continue };
            let idle = lock(&shared.idle_sessions).pop();
            if let Some(session) = idle
                && let Ok((transaction, id)) = begin(&session).await
            {
                return Ok(TransactionState { transaction, id, session, shared, permit });
            }
            // A pool with a single session keeps the transaction and the cleanup after it in that session.
            let session = instance::open_pool(&self.server, &name, 1).await?;
            let (transaction, id) = begin(&session).await?;
            return Ok(TransactionState { transaction, id, session, shared, permit });
        }
    }

    /// Lets more transactions use an instance, with one more slot.
    async fn grow(self: &Rc<Self>, shared: &SharedInstance, slot: i32) -> Result<()> {
        if lock(&shared.instance).is_none() {
            // The instance and its slots were released meanwhile.
            return self.release_slot(slot).await;
        }
        lock(&shared.extra_slots).push(slot);
        shared.session_permits.add_permits(CONNECTIONS_PER_TEST as usize);
        Ok(())
    }

    /// Returns the instance of the given specification that transactions share. The first transaction acquires it.
    async fn shared_instance(self: &Rc<Self>, spec: &TemplateSpec) -> Result<Arc<SharedInstance>> {
        let template = self.template(spec).await?.name.clone();
        let mut all = self.shared_instances.lock().await;
        if let Some(shared) = all.get(&template) {
            return Ok(Arc::clone(shared));
        }
        let instance = self.acquire_instance(Some(spec)).await?;
        // Each transaction opens its own pool, so the session of this pool would exceed the slot.
        instance.pool.close().await;
        let shared = Arc::new(SharedInstance {
            template: template.clone(),
            instance: Mutex::new(Some(instance)),
            idle_sessions: Mutex::default(),
            session_permits: Arc::new(Semaphore::new(CONNECTIONS_PER_TEST as usize)),
            extra_slots: Mutex::default(),
        });
        all.insert(template, Arc::clone(&shared));
        Ok(shared)
    }

    /// Rolls the transaction back, and releases the instance if the transaction may have been committed.
    ///
    /// # Errors
    /// Fails with [`Error::TransactionCommitted`] if a statement of the test has ended the transaction.
    pub(crate) async fn end_transaction(self: &Rc<Self>, state: TransactionState) -> Result<()> {
        let TransactionState { transaction, id, session, shared, permit } = state;
        let status = {
            let mut admin = self.admin().await?;
            status(&mut admin.connection, &id).await?
        };
        let rollback = tokio::time::timeout(ROLLBACK_TIMEOUT, transaction.rollback());
        let rolled_back = matches!(rollback.await, Ok(Ok(())));
        if !rolled_back {
            // The session is busy with a statement that the test no longer waits for.
            let mut admin = self.admin().await?;
            let terminate = sqlx::query("SELECT pg_terminate_backend($1)").bind(id.pid);
            terminate.execute(&mut admin.connection).await?;
        }
        if status == TransactionStatus::Uncommitted {
            if rolled_back && discard_session_state(&session).await.is_ok() {
                lock(&shared.idle_sessions).push(session);
            }
            drop(permit);
            self.notify_change();
            return Ok(());
        }
        // The other tests in the instance may see the committed writes, so their sessions end with the instance.
        self.release_shared_instance(&shared).await?;
        match status {
            TransactionStatus::Ended => Err(Error::TransactionCommitted),
            TransactionStatus::Uncommitted | TransactionStatus::Unknown => Ok(()),
        }
    }

    /// Releases a shared instance, with all its slots. The next transaction acquires another one.
    async fn release_shared_instance(self: &Rc<Self>, shared: &SharedInstance) -> Result<()> {
        self.shared_instances.lock().await.remove(&shared.template);
        let instance = lock(&shared.instance).take();
        let mut released = match instance {
            Some(instance) => self.release_instance(instance, TestOutcome::Passed).await,
            None => Ok(()),
        };
        let slots = std::mem::take(&mut *lock(&shared.extra_slots));
        for slot in slots {
            released = released.and(self.release_slot(slot).await);
        }
        self.notify_change();
        released
    }

    /// Releases a shared instance that no transaction uses, for a test that finds no free slot.
    pub(crate) async fn release_idle_shared_instance(self: &Rc<Self>) -> Result<()> {
        // The task that holds this lock acquires an instance to share. It may be the task that needs the slot, so
        // waiting for the lock could be a deadlock.
        let Ok(all) = self.shared_instances.try_lock() else {
            return Ok(());
        };
        let idle = all.values().find(|shared| shared.is_idle()).map(Arc::clone);
        drop(all);
        match idle {
            Some(shared) => self.release_shared_instance(&shared).await,
            None => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
