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

use crate::admin::Waiting;
use crate::database::or_panic;
use crate::instance::{self, End, Instance};
use crate::keeper::{Keeper, Work};
use crate::slots::POOL;
use crate::template::{Contents, said};

/// How long a statement that the test has given up on may go on before its session is ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A transaction in a migrated database, rolled back at the end of the test: for tests that need no
/// second connection and commit nothing. Those of a process share the database; what one writes no other
/// sees.
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

    /// In one with all migrations applied, and the seeds of that environment; an empty one is development.
    pub async fn with_seeds(project: &Project, environment: &str) -> Self {
        let seeds_of = Some(Environment::parse(environment).unwrap_or_default());
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
    /// As many sessions as its slots stand for.
    sessions: Arc<Semaphore>,
    /// The slots beside the instance's own, for more transactions at once.
    slots: Mutex<Vec<i32>>,
}

impl Shared {
    /// Whether no transaction is in it.
    fn is_idle(&self) -> bool {
        self.sessions.available_permits() == POOL as usize * (1 + lock(&self.slots).len())
    }
}

/// A transaction that a test is in.
#[derive(Debug)]
pub(crate) struct Begun {
    transaction: DatabaseTransaction,
    place: Place,
    session: PgPool,
    shared: Arc<Shared>,
    permit: OwnedSemaphorePermit,
}

/// A transaction, by the process that serves its session, its number, and the moment that it began.
#[derive(Debug, Clone)]
struct Place {
    pid: i32,
    xid: String,
    began: i64,
}

/// Microseconds, as both sides of the comparison have them.
const BEGAN: &str = "(extract(epoch FROM xact_start) * 1000000)::bigint";

async fn begin(session: &PgPool) -> Result<(DatabaseTransaction, Place), DbErr> {
    let transaction = DatabaseConnection::from(session.clone()).begin().await?;
    let sql = format!(
        "SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS xid, {BEGAN} AS began \
         FROM transaction_timestamp() AS q (xact_start)"
    );
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    let row = transaction.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the session is not there".to_owned()))?;
    let (pid, xid) = (row.try_get("", "pid")?, row.try_get("", "xid")?);
    let place = Place { pid, xid, began: row.try_get("", "began")? };
    Ok((transaction, place))
}

/// What a test has made of its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// It is open, or has failed: nothing was committed.
    Whole,
    /// It is not the one that was begun: what was written in that one may be there for all to see.
    Ended,
    /// The session is gone, and nobody can tell.
    Gone,
}

/// Asked from another session: in a failed transaction no question is answered.
async fn left(admin: &mut PgConnection, place: &Place) -> Result<Left, sqlx::Error> {
    let sql = format!(
        "SELECT {BEGAN} AS began, state LIKE '%aborted%' AS failed, state = 'active' AS busy, \
         pg_xact_status($2::xid8) = 'committed' AS committed FROM pg_stat_activity WHERE pid = $1"
    );
    loop {
        let ask = sqlx::query(AssertSqlSafe(sql.clone())).bind(place.pid).bind(&place.xid);
        let Some(row) = ask.fetch_optional(&mut *admin).await? else {
            return Ok(Left::Gone);
        };
        let began: Option<i64> = row.try_get("began")?;
        let (failed, busy): (bool, bool) = (row.try_get("failed")?, row.try_get("busy")?);
        let committed: bool = row.try_get("committed")?;
        // The client is told of an error a moment before the state says so.
        if began.is_none() && busy {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        // A failed transaction no longer says when it began.
        let is_ours = began == Some(place.began) || failed;
        return Ok(if is_ours && !committed { Left::Whole } else { Left::Ended });
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
        let mut waiting = Waiting::new("another transaction to end");
        loop {
            let shared = self.share(contents).await?;
            let Ok(permit) = Arc::clone(&shared.sessions).try_acquire_owned() else {
                let seen = self.changes.get();
                match self.slot().await? {
                    Some(slot) => self.widen(&shared, slot).await?,
                    None => self.wait(seen).await,
                }
                waiting.say();
                continue;
            };
            let name = lock(&shared.instance).as_ref().map(|instance| instance.name.clone());
            // A test has committed into it meanwhile: there is another one, or will be.
            let Some(name) = name else { continue };
            let idle = lock(&shared.idle).pop();
            if let Some(session) = idle
                && let Ok((transaction, place)) = begin(&session).await
            {
                return Ok(Begun { transaction, place, session, shared, permit });
            }
            // A pool that has one session, opened here, and can only open it again.
            let session = instance::open(&self.server, &name, 1).await.map_err(said)?;
            let (transaction, place) = begin(&session).await.map_err(|error| error.to_string())?;
            return Ok(Begun { transaction, place, session, shared, permit });
        }
    }

    /// Lets more transactions into an instance, by another slot.
    async fn widen(self: &Rc<Self>, shared: &Shared, slot: i32) -> Result<(), String> {
        if lock(&shared.instance).is_none() {
            // Its slots have been given back.
            return self.give_slot_back(slot).await;
        }
        lock(&shared.slots).push(slot);
        shared.sessions.add_permits(POOL as usize);
        Ok(())
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
            slots: Mutex::default(),
        });
        all.insert(template, Arc::clone(&shared));
        Ok(shared)
    }

    pub(crate) async fn end(self: &Rc<Self>, begun: Begun) -> Result<(), String> {
        let Begun { transaction, place, session, shared, permit } = begun;
        let left = {
            let mut admin = self.admin().await?;
            left(&mut admin.connection, &place).await.map_err(said)?
        };
        let rolling_back = tokio::time::timeout(LAST_WORDS, transaction.rollback());
        let rolled_back = matches!(rolling_back.await, Ok(Ok(())));
        if !rolled_back {
            // It is in a statement that the test no longer waits for.
            let mut admin = self.admin().await?;
            let end = sqlx::query("SELECT pg_terminate_backend($1)").bind(place.pid);
            end.execute(&mut admin.connection).await.map_err(said)?;
        }
        if left == Left::Whole {
            if rolled_back && clean(&session).await.is_ok() {
                lock(&shared.idle).push(session);
            }
            drop(permit);
            self.changed();
            return Ok(());
        }
        // Other tests in it may see what was committed, so their sessions end with it.
        self.unshare(&shared).await?;
        if left == Left::Ended { Err(SPOILT.to_owned()) } else { Ok(()) }
    }

    async fn unshare(self: &Rc<Self>, shared: &Shared) -> Result<(), String> {
        self.shared.lock().await.remove(&shared.template);
        let instance = lock(&shared.instance).take();
        let mut given_back = match instance {
            Some(instance) => self.give_back(instance, End::Pass).await,
            None => Ok(()),
        };
        let slots = std::mem::take(&mut *lock(&shared.slots));
        for slot in slots {
            given_back = given_back.and(self.give_slot_back(slot).await);
        }
        self.changed();
        given_back
    }

    /// Gives the instance back in which no transaction is, for a test that finds no slot.
    pub(crate) async fn end_an_idle_share(self: &Rc<Self>) -> Result<(), String> {
        // Who has it takes an instance for a share, and may be the one who asks.
        let Ok(all) = self.shared.try_lock() else {
            return Ok(());
        };
        let idle = all.values().find(|shared| shared.is_idle()).map(Arc::clone);
        drop(all);
        match idle {
            Some(shared) => self.unshare(&shared).await,
            None => Ok(()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const SPOILT: &str = "a test has ended the transaction of its TestTransaction, so what it wrote was \
    committed\nhint: a test that commits takes a database of its own: TestDatabase::new";
