//! What the tests of this process share: one thread, the connections to the records, the templates.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::{Arc, OnceLock, mpsc as blocking};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::{
    MappedMutexGuard, Mutex, MutexGuard, Notify, OnceCell, Semaphore, mpsc, oneshot,
};
use tokio::task::{LocalSet, spawn_local};

use crate::admin::{self, AdminConnection, Waiting};
use crate::connection_budget::ConnectionBudget;
use crate::error::{Error, Result};
use crate::release::WARM;
use crate::server::{ADMIN_DATABASE, Server};
use crate::startup_limit::StartupLimit;
use crate::template::{Template, TemplateSpec};
use crate::transaction::SharedInstance;
use crate::warm_pool::WarmPool;

/// How long one who waits does so before the server is asked again.
const AGAIN: Duration = Duration::from_millis(25);

/// What a test without a database waits for, in any process.
pub(crate) const CONNECTIONS: &str = "other tests to give their connections back";

/// Something to do on the keeper's thread.
type Job = Box<dyn FnOnce(Rc<ManagerState>) -> LocalBoxFuture<'static, ()> + Send>;

/// The thread that has the connections. It lives as long as the process, because a runtime ends with
/// its test.
pub(crate) struct Manager {
    pub(crate) server: Server,
    pub(crate) ready: Arc<WarmPool>,
    jobs: mpsc::UnboundedSender<Job>,
}

impl Manager {
    /// The one of this process.
    pub(crate) fn get() -> Result<&'static Self, &'static Error> {
        static MANAGER: OnceLock<Result<Manager>> = OnceLock::new();
        MANAGER.get_or_init(Self::start).as_ref()
    }

    fn start() -> Result<Self> {
        let server = Server::find()?;
        let (jobs, listening) = mpsc::unbounded_channel();
        let ready = Arc::<WarmPool>::default();
        let state = (server.clone(), Arc::clone(&ready));
        std::thread::Builder::new()
            .name("seedbed-testdb".to_owned())
            .spawn(move || run(state, listening))
            .map_err(Error::SpawnManager)?;
        Ok(Self { server, ready, jobs })
    }

    /// Takes something for a test. If the test has ended meanwhile, by a time limit of its own, it is
    /// given back.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        take: impl AsyncFnOnce(&Rc<ManagerState>) -> Result<T> + Send + 'static,
        give_back: impl AsyncFnOnce(&Rc<ManagerState>, T) -> Result<()> + Send + 'static,
    ) -> Result<T> {
        let (sender, taken) = oneshot::channel();
        let job = move |state: Rc<ManagerState>| {
            let job = async move {
                if let Err(Ok(unwanted)) = sender.send(take(&state).await) {
                    // The next run finds what could not be given back.
                    let _ = give_back(&state, unwanted).await;
                }
            };
            job.boxed_local()
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::ManagerStopped)?;
        taken.await.map_err(|_| Error::ManagerStopped)?
    }

    /// Gives something back, and returns when that is done: at the end of a test nobody can await, and
    /// behind the last one the process ends.
    pub(crate) fn give_back(
        &self,
        give_back: impl AsyncFnOnce(&Rc<ManagerState>) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (sender, done) = blocking::channel();
        let job = move |state: Rc<ManagerState>| {
            let job = async move {
                // Who asked waits for the answer.
                let _ = sender.send(give_back(&state).await);
            };
            job.boxed_local()
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::ManagerStopped)?;
        done.recv().map_err(|_| Error::ManagerStopped)?
    }
}

fn run((server, ready): (Server, Arc<WarmPool>), mut jobs: mpsc::UnboundedReceiver<Job>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else {
        // Who waits for it is told that the thread has ended.
        return;
    };
    let state = Rc::new(ManagerState::new(server, ready));
    LocalSet::new().block_on(&runtime, async move {
        let cooling = Rc::clone(&state);
        spawn_local(async move {
            loop {
                tokio::time::sleep(WARM / 2).await;
                cooling.cool().await;
            }
        });
        while let Some(job) = jobs.recv().await {
            spawn_local(job(Rc::clone(&state)));
        }
    });
}

/// What the tests of this process share.
pub(crate) struct ManagerState {
    pub(crate) server: Server,
    /// The key of the lock that tells others that this process lives.
    pub(crate) owner: i64,
    admin: Mutex<Option<AdminConnection>>,
    /// Makes and drops databases, which takes long and must not keep the records waiting.
    builder: Mutex<Option<PgConnection>>,
    pub(crate) templates: RefCell<HashMap<String, Rc<OnceCell<Arc<Template>>>>>,
    pub(crate) ready: Arc<WarmPool>,
    /// Instances that are about to be warm: the template and the name of each.
    pub(crate) warming: RefCell<Vec<(String, String)>>,
    /// How many sessions are opened at once, ahead of the tests that will need them.
    pub(crate) opening: Arc<Semaphore>,
    /// How many instances are put back at once: more of them take as long, and tests that run wait.
    pub(crate) putting_back: Semaphore,
    /// Of this machine: as many sessions are opened at once, and as many instances are spare.
    pub(crate) processors: usize,
    /// How many tests wait for an instance.
    pub(crate) waiting: Cell<usize>,
    /// How many clones are being made.
    pub(crate) cloning: Cell<usize>,
    /// Why the last one could not be made, for a test that waits for it.
    pub(crate) not_cloned: Cell<Option<Error>>,
    pub(crate) changes: Cell<u64>,
    change: Notify,
    /// Had by a process that has no slot yet.
    seat: StartupLimit,
    slots: ConnectionBudget,
    has_swept: Cell<bool>,
    /// The instances in which tests roll back.
    pub(crate) shared: Mutex<HashMap<String, Arc<SharedInstance>>>,
}

impl ManagerState {
    pub(crate) fn new(server: Server, ready: Arc<WarmPool>) -> Self {
        let (owner, _) = uuid::Uuid::new_v4().as_u64_pair();
        let processors = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        let seat = StartupLimit::at(&server.any_url().server());
        Self {
            server,
            seat,
            owner: owner.cast_signed(),
            admin: Mutex::default(),
            builder: Mutex::default(),
            templates: RefCell::default(),
            ready,
            warming: RefCell::default(),
            opening: Arc::new(Semaphore::new(processors)),
            putting_back: Semaphore::new(processors),
            processors,
            waiting: Cell::default(),
            cloning: Cell::default(),
            not_cloned: Cell::default(),
            changes: Cell::default(),
            change: Notify::new(),
            slots: ConnectionBudget::default(),
            has_swept: Cell::default(),
            shared: Mutex::default(),
        }
    }

    /// The connection to the records, opened if need be; the first one to open it sweeps.
    pub(crate) async fn admin(self: &Rc<Self>) -> Result<MappedMutexGuard<'_, AdminConnection>> {
        let mut admin = self.admin.lock().await;
        let mut open = admin.take();
        if let Some(connection) = &mut open
            && !connection.lives().await
        {
            open = None;
        }
        let connection = match open {
            Some(connection) => connection,
            None => self.connect_admin().await?,
        };
        Ok(MutexGuard::map(admin, |admin| admin.insert(connection)))
    }

    async fn connect_admin(self: &Rc<Self>) -> Result<AdminConnection> {
        self.take_seat().await;
        let mut connected = AdminConnection::connect(&self.server, self.owner).await?;
        self.slots.lock_again(&mut connected.connection).await?;
        if !self.has_swept.replace(true) {
            spawn_local(Rc::clone(self).sweep());
        }
        Ok(connected)
    }

    /// Waits for a seat, unless this process has a slot.
    async fn take_seat(&self) {
        let mut waiting = Waiting::new(CONNECTIONS);
        while !self.has_slots() && !self.seat.take() {
            tokio::time::sleep(AGAIN).await;
            waiting.say();
        }
    }

    /// The connection that makes and drops databases.
    pub(crate) async fn builder(&self) -> Result<MappedMutexGuard<'_, PgConnection>> {
        let mut builder = self.builder.lock().await;
        let mut open = builder.take();
        if let Some(connection) = &mut open
            && connection.ping().await.is_err()
        {
            open = None;
        }
        let connection = match open {
            Some(connection) => connection,
            None => {
                let mut connection = admin::connect(&self.server.options(ADMIN_DATABASE)).await?;
                admin::hold_liveness_lock(&mut connection, self.owner).await?;
                connection
            }
        };
        Ok(MutexGuard::map(builder, |builder| builder.insert(connection)))
    }

    /// Takes a slot, if one is left.
    pub(crate) async fn slot(self: &Rc<Self>) -> Result<Option<i32>> {
        let mut admin = self.admin().await?;
        let connections = admin.facts.connections;
        let slot = self.slots.take(&mut admin.connection, connections).await?;
        if slot.is_some() {
            self.seat.leave();
        }
        Ok(slot)
    }

    /// Whether this process may keep its connections while it waits for a slot.
    pub(crate) fn may_wait_connected(&self) -> bool {
        self.has_slots() || self.seat.is_taken()
    }

    /// Whether a test of this process has a slot, or is about to give it back.
    pub(crate) fn has_slots(&self) -> bool {
        self.slots.has_any()
    }

    /// Ends the connections of this process, until they are needed again.
    pub(crate) async fn disconnect(&self) {
        *self.admin.lock().await = None;
        *self.builder.lock().await = None;
        self.seat.leave();
    }

    pub(crate) async fn give_slot_back(self: &Rc<Self>, slot: i32) -> Result<()> {
        let given_back = {
            let mut admin = self.admin().await?;
            self.slots.give_back(&mut admin.connection, slot).await.map_err(Error::from)
        };
        self.changed();
        given_back
    }

    /// Somebody who waits for an instance or a slot may find one.
    pub(crate) fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
        self.change.notify_waiters();
    }

    /// Waits until something has changed since it was `seen`, here or in another process, which calls
    /// nobody.
    pub(crate) async fn wait(&self, seen: u64) {
        if self.changes.get() == seen {
            // Whichever it was, the caller looks again.
            let _ = tokio::time::timeout(AGAIN, self.change.notified()).await;
        }
    }

    /// The finished template of these contents, looked for once in each process.
    pub(crate) async fn template(
        self: &Rc<Self>,
        contents: &TemplateSpec,
    ) -> Result<Arc<Template>> {
        let version = self.admin().await?.facts.version;
        self.ready.knows_server(version);
        let name = contents.template_name(version);
        let cell = Rc::clone(self.templates.borrow_mut().entry(name.clone()).or_default());
        let ensure = || async {
            let mut builder = self.builder().await?;
            let (owner, server) = (self.owner, &self.server);
            Template::ensure(&mut builder, owner, server, contents, &name).await.map(Arc::new)
        };
        cell.get_or_try_init(ensure).await.map(Arc::clone)
    }
}
