//! The manager of test databases. It is the one thread of a process that owns the connections, the templates and the
//! instances.

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

use crate::admin::{self, AdminConnection};
use crate::connection_budget::ConnectionBudget;
use crate::error::{Error, Result};
use crate::release::WARM_LIFETIME;
use crate::server::{ADMIN_DATABASE, DatabaseServer};
use crate::startup_limit::StartupLimit;
use crate::template::{Template, TemplateSpec};
use crate::transaction::SharedInstance;
use crate::wait::{OTHER_TESTS, Wait};
use crate::warm_pool::WarmPool;

/// The time that a test waits for a change in this process before it polls the server again.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Work for the manager's thread.
type Job = Box<dyn FnOnce(Rc<ManagerState>) -> LocalBoxFuture<'static, ()> + Send>;

/// The handle of the manager's thread, which tests send their work to.
///
/// The thread owns the connections and lives as long as the process, because the runtime of a test ends with the test.
pub(crate) struct Manager {
    pub(crate) server: DatabaseServer,
    pub(crate) warm_pool: Arc<WarmPool>,
    jobs: mpsc::UnboundedSender<Job>,
}

impl Manager {
    /// Returns the manager of this process, and starts it at the first call.
    pub(crate) fn get() -> Result<&'static Self, &'static Error> {
        static MANAGER: OnceLock<Result<Manager>> = OnceLock::new();
        MANAGER.get_or_init(Self::start).as_ref()
    }

    fn start() -> Result<Self> {
        let server = DatabaseServer::find_or_start()?;
        let (sender, jobs) = mpsc::unbounded_channel();
        let warm_pool = Arc::<WarmPool>::default();
        let shared = (server.clone(), Arc::clone(&warm_pool));
        std::thread::Builder::new()
            .name("seedbed-testdb".to_owned())
            .spawn(move || run(shared, jobs))
            .map_err(Error::SpawnManager)?;
        Ok(Self { server, warm_pool, jobs: sender })
    }

    /// Acquires a resource for a test. If the test has meanwhile ended by its own timeout, the resource is released.
    pub(crate) async fn acquire<T: Send + 'static>(
        &self,
        acquire: impl AsyncFnOnce(&Rc<ManagerState>) -> Result<T> + Send + 'static,
        release: impl AsyncFnOnce(&Rc<ManagerState>, T) -> Result<()> + Send + 'static,
    ) -> Result<T> {
        let (sender, acquired) = oneshot::channel();
        let job = move |state: Rc<ManagerState>| {
            let job = async move {
                if let Err(Ok(unclaimed)) = sender.send(acquire(&state).await) {
                    // The reaper of the next run finds the resources that could not be released.
                    let _ = release(&state, unclaimed).await;
                }
            };
            job.boxed_local()
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::ManagerStopped)?;
        acquired.await.map_err(|_| Error::ManagerStopped)?
    }

    /// Releases a resource, and blocks until it is released.
    ///
    /// The function blocks because a test releases its database in `drop`, which cannot await, and because the process
    /// may end after the last test.
    pub(crate) fn release(
        &self,
        release: impl AsyncFnOnce(&Rc<ManagerState>) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (sender, released) = blocking::channel();
        let job = move |state: Rc<ManagerState>| {
            let job = async move {
                // The receiver waits for this message, so sending cannot fail.
                let _ = sender.send(release(&state).await);
            };
            job.boxed_local()
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::ManagerStopped)?;
        released.recv().map_err(|_| Error::ManagerStopped)?
    }
}

/// Runs the manager's thread until the process ends.
fn run(
    (server, warm_pool): (DatabaseServer, Arc<WarmPool>),
    mut jobs: mpsc::UnboundedReceiver<Job>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else {
        // The channel closes, and each test fails with `Error::ManagerStopped`.
        return;
    };
    let state = Rc::new(ManagerState::new(server, warm_pool));
    LocalSet::new().block_on(&runtime, async move {
        let evicting = Rc::clone(&state);
        spawn_local(async move {
            loop {
                tokio::time::sleep(WARM_LIFETIME / 2).await;
                evicting.evict_idle().await;
            }
        });
        while let Some(job) = jobs.recv().await {
            spawn_local(job(Rc::clone(&state)));
        }
    });
}

/// The state of the manager's thread.
///
/// A process that has no slot holds at most its two administrative connections, and opens those only with a startup
/// permit:
///
/// ```text
///                 startup permit              slot acquired
///  disconnected ──────────────────► connected ──────────────► holds slots
///       ▲                               │                          │
///       └────── idle, or no permit ─────┴─── last slot released ───┘
/// ```
///
/// An instance moves through these states. The registry lists an instance as `free` if any process may claim it.
///
/// ```text
///   free ────────── claim ─────────┐
///                                  ▼
///   template ─────── clone ──► in use ── test fails ──► kept for seven days
///                                ▲ │
///                                │ └──── test passes ──► resetting ── not possible ──► dropped
///                                │                           │
///             next test takes it │                           │ equal to its template
///                                │                           ▼
///                              warm ◄── session opened ── warming
///                                │
///                                └── idle for two seconds ──► free, or dropped if the template has too many
/// ```
pub(crate) struct ManagerState {
    pub(crate) server: DatabaseServer,
    /// The key of the liveness lock, and the owner that the registry records for the databases of this process.
    pub(crate) owner: i64,
    admin: Mutex<Option<AdminConnection>>,
    /// The connection that creates and drops databases, because that is slow and must not block the connection to the
    /// registry.
    ddl: Mutex<Option<PgConnection>>,
    pub(crate) templates: RefCell<HashMap<String, Rc<OnceCell<Arc<Template>>>>>,
    pub(crate) warm_pool: Arc<WarmPool>,
    /// The instances for which a session is being opened: the names of the template and of the instance.
    pub(crate) warming: RefCell<Vec<(String, String)>>,
    /// The permits that limit how many sessions are opened at once, ahead of the tests that will need them.
    pub(crate) warm_up_permits: Arc<Semaphore>,
    /// The permits that limit how many instances are reset at once. More resets at once would not end sooner, and would
    /// slow down running tests.
    pub(crate) reset_permits: Semaphore,
    /// The number of processors of this machine. As many sessions are opened at once, and as many spare instances are
    /// prepared.
    pub(crate) processors: usize,
    /// The number of tests that wait for an instance.
    pub(crate) waiting_tests: Cell<usize>,
    /// The number of clones that are being created.
    pub(crate) pending_clones: Cell<usize>,
    /// The reason why the last clone could not be created. The next waiting test takes this error and fails with it.
    pub(crate) clone_error: Cell<Option<Error>>,
    /// The number of calls of [`ManagerState::notify_change`].
    pub(crate) change_count: Cell<u64>,
    change_notify: Notify,
    /// The startup limit, which applies while this process has no slot.
    startup_limit: StartupLimit,
    connection_budget: ConnectionBudget,
    reaper_started: Cell<bool>,
    /// The instances that transactions share, keyed by the name of the template.
    pub(crate) shared_instances: Mutex<HashMap<String, Arc<SharedInstance>>>,
}

impl ManagerState {
    pub(crate) fn new(server: DatabaseServer, warm_pool: Arc<WarmPool>) -> Self {
        let (owner, _) = uuid::Uuid::new_v4().as_u64_pair();
        let processors = std::thread::available_parallelism().map_or(2, NonZeroUsize::get);
        let startup_limit = StartupLimit::new(&server.any_url().server());
        Self {
            server,
            startup_limit,
            owner: owner.cast_signed(),
            admin: Mutex::default(),
            ddl: Mutex::default(),
            templates: RefCell::default(),
            warm_pool,
            warming: RefCell::default(),
            warm_up_permits: Arc::new(Semaphore::new(processors)),
            reset_permits: Semaphore::new(processors),
            processors,
            waiting_tests: Cell::default(),
            pending_clones: Cell::default(),
            clone_error: Cell::default(),
            change_count: Cell::default(),
            change_notify: Notify::new(),
            connection_budget: ConnectionBudget::default(),
            reaper_started: Cell::default(),
            shared_instances: Mutex::default(),
        }
    }

    /// Returns the connection to the registry, and opens it if necessary. The first connection starts the reaper.
    pub(crate) async fn admin(self: &Rc<Self>) -> Result<MappedMutexGuard<'_, AdminConnection>> {
        let mut admin = self.admin.lock().await;
        let mut open = admin.take();
        if let Some(connection) = &mut open
            && !connection.is_alive().await
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
        self.wait_for_startup_permit().await;
        let mut admin = AdminConnection::connect(&self.server, self.owner).await?;
        self.connection_budget.relock(&mut admin.connection).await?;
        if !self.reaper_started.replace(true) {
            spawn_local(Rc::clone(self).reap());
        }
        Ok(admin)
    }

    /// Waits for a startup permit, unless this process holds a slot.
    async fn wait_for_startup_permit(&self) {
        let mut wait = Wait::new(OTHER_TESTS);
        while !self.holds_slots() && !self.startup_limit.try_acquire() {
            tokio::time::sleep(POLL_INTERVAL).await;
            wait.print_if_due();
        }
    }

    /// Returns the connection that creates and drops databases, and opens it if necessary.
    pub(crate) async fn ddl(&self) -> Result<MappedMutexGuard<'_, PgConnection>> {
        let mut ddl = self.ddl.lock().await;
        let mut open = ddl.take();
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
        Ok(MutexGuard::map(ddl, |ddl| ddl.insert(connection)))
    }

    /// Takes a slot if one is free, and then releases the startup permit.
    pub(crate) async fn try_acquire_slot(self: &Rc<Self>) -> Result<Option<i32>> {
        let mut admin = self.admin().await?;
        let connections = admin.server.connections;
        let slot = self.connection_budget.try_acquire(&mut admin.connection, connections).await?;
        if slot.is_some() {
            self.startup_limit.release();
        }
        Ok(slot)
    }

    /// Returns whether this process may keep its connections while it waits for a slot.
    pub(crate) fn may_wait_connected(&self) -> bool {
        self.holds_slots() || self.startup_limit.has_permit()
    }

    /// Returns whether this process holds a slot.
    pub(crate) fn holds_slots(&self) -> bool {
        self.connection_budget.holds_any()
    }

    /// Closes the administrative connections of this process. They are opened again when they are needed.
    pub(crate) async fn disconnect(&self) {
        *self.admin.lock().await = None;
        *self.ddl.lock().await = None;
        self.startup_limit.release();
    }

    /// Releases a slot, and wakes the tests that wait for one.
    pub(crate) async fn release_slot(self: &Rc<Self>, slot: i32) -> Result<()> {
        let released = {
            let mut admin = self.admin().await?;
            self.connection_budget.release(&mut admin.connection, slot).await
        };
        self.notify_change();
        Ok(released?)
    }

    /// Wakes the tests that wait for an instance or a slot.
    pub(crate) fn notify_change(&self) {
        self.change_count.set(self.change_count.get() + 1);
        self.change_notify.notify_waiters();
    }

    /// Waits until the change count differs from `seen`, or until it is time to poll the server.
    ///
    /// Other processes cannot notify this one, so the wait is limited to [`POLL_INTERVAL`].
    pub(crate) async fn wait_for_change(&self, seen: u64) {
        if self.change_count.get() == seen {
            // The caller checks again after a timeout as well.
            let _ = tokio::time::timeout(POLL_INTERVAL, self.change_notify.notified()).await;
        }
    }

    /// Returns the finished template of the given specification. Each process builds or loads a template once.
    pub(crate) async fn template(self: &Rc<Self>, spec: &TemplateSpec) -> Result<Arc<Template>> {
        let version = self.admin().await?.server.version;
        self.warm_pool.set_server_version(version);
        let name = spec.template_name(version);
        let cell = Rc::clone(self.templates.borrow_mut().entry(name.clone()).or_default());
        let load_or_build = || async {
            let mut ddl = self.ddl().await?;
            let (owner, server) = (self.owner, &self.server);
            // The future contains a whole run of the scripts, too much for the stacks of all futures that await it.
            let template = Box::pin(Template::load_or_build(&mut ddl, owner, server, spec, &name));
            template.await.map(Arc::new)
        };
        cell.get_or_try_init(load_or_build).await.map(Arc::clone)
    }
}
