//! Starts, stops, inspects and removes a local server.

use std::path::PathBuf;
use std::time::SystemTime;

use crate::account::Account;
use crate::existing_server::{self, ExistingServer};
use crate::layout::CheckoutDir;
use crate::postmaster::{self, Phase, PidFile};
use crate::{
    Binaries, Error, Progress, Purpose, RunningServer, ServerStatus, Settings, StartOutcome,
    StopOutcome, cleanup, cluster, files, launch, lock, shutdown, socket,
};

/// The local server of one folder and one [`Purpose`]. The server may be running or not, and need not have a cluster
/// yet.
#[derive(Debug, Clone)]
pub struct LocalServer {
    root: PathBuf,
    purpose: Purpose,
    settings: Settings,
}

impl LocalServer {
    /// Creates a handle to the server for `purpose` that belongs to the folder `root`, such as `.postgres` in a
    /// checkout. Reads nothing from disk.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, purpose: Purpose, settings: Settings) -> Self {
        Self { root: root.into(), purpose, settings }
    }

    /// Returns the settings of this server.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Starts the server unless it is running, and creates its cluster if it has none. Creates no database.
    ///
    /// Any number of commands may call this at the same time. One of them starts the server, and the others wait for
    /// it.
    ///
    /// # Errors
    /// Fails if the PostgreSQL programs are missing, if the cluster cannot be created or opened, or if the server does
    /// not start. The error contains the last lines of the server's log if they explain it.
    pub fn start(&self, progress: &mut Progress<'_>) -> Result<RunningServer, Error> {
        if let Some(running) = self.find_running()? {
            return Ok(running);
        }
        let checkout_dir = CheckoutDir::create(&self.root, self.purpose, &self.settings)?;
        let _lock = lock::acquire(checkout_dir.path(), progress)?;
        let result = self.start_locked(&checkout_dir, progress);
        checkout_dir.give_to_checkout_owner();
        result
    }

    /// Returns the running server, unless it has to be started again because its cluster was moved.
    fn find_running(&self) -> Result<Option<RunningServer>, Error> {
        Ok(match self.status()? {
            ServerStatus::Running(running) if !running.is_cluster_moved() => Some(running),
            _ => None,
        })
    }

    fn start_locked(
        &self,
        checkout_dir: &CheckoutDir,
        progress: &mut Progress<'_>,
    ) -> Result<RunningServer, Error> {
        // The process that held the lock before may have started the server.
        if let Some(running) = self.find_running()? {
            return Ok(running);
        }
        let (major, user) = match &checkout_dir.find_data_dir()? {
            Some(data_dir) => (cluster::major_version(data_dir)?, data_dir.recorded_user()?),
            None => (None, None),
        };
        let binaries = Binaries::find(&self.settings, major)?;
        let account = Account::choose(&self.settings, user.as_deref())?;
        for orphan in checkout_dir.orphans()? {
            cleanup::remove_orphan(&orphan, &account, progress)?;
        }
        for data_dir in checkout_dir.stale_data_dirs(SystemTime::now()) {
            cleanup::remove_stale(&data_dir, &account, progress);
        }
        let data_dir = checkout_dir.claim_data_dir(&account)?;
        cluster::ensure_created(&data_dir, &binaries, &account, progress)?;
        let socket_dir = socket::ensure_dir(&data_dir, &account)?;
        let existing = existing_server::wait_for_transition(
            &data_dir,
            &socket_dir,
            &binaries,
            &account,
            progress,
        )?;
        let (file, outcome) = match existing {
            ExistingServer::Ready(file) => (Some(file), StartOutcome::AlreadyRunning),
            ExistingServer::Unresponsive(pid) => {
                return Err(launch::unresponsive(&data_dir, &socket_dir, pid));
            }
            ExistingServer::Gone => {
                let purpose = self.purpose;
                launch::launch(&data_dir, &socket_dir, purpose, &binaries, &account, progress)?;
                (PidFile::read(&data_dir)?, StartOutcome::Started)
            }
        };
        match file {
            Some(file) => Ok(RunningServer::new(&data_dir, socket_dir, &file, outcome)),
            // The server has answered, but has ended since.
            None => Err(Error::StartFailed {
                log: data_dir.log(),
                log_tail: postmaster::log_tail(&data_dir, 0),
            }),
        }
    }

    /// Stops the server and waits until its process has ended. Ends all sessions, and keeps all committed data.
    ///
    /// # Errors
    /// Fails with [`Error::StopTimeout`] if the process does not end within a minute.
    pub fn stop(&self, progress: &mut Progress<'_>) -> Result<StopOutcome, Error> {
        let Some(checkout_dir) = CheckoutDir::open(&self.root, self.purpose, &self.settings)?
        else {
            return Ok(StopOutcome::NotRunning);
        };
        let _lock = lock::acquire(checkout_dir.path(), progress)?;
        let Some(data_dir) = checkout_dir.find_data_dir()? else {
            return Ok(StopOutcome::NotRunning);
        };
        let account = Account::choose(&self.settings, data_dir.recorded_user()?.as_deref())?;
        let major = cluster::major_version(&data_dir)?;
        let binaries = Binaries::find(&self.settings, major).ok();
        shutdown::stop(&data_dir, binaries.as_ref(), &account, progress)
    }

    /// Stops the server and removes its cluster with all databases.
    ///
    /// # Errors
    /// Fails with [`Error::StopTimeout`] if the process does not end within a minute; in that case, nothing is removed.
    pub fn remove(&self, progress: &mut Progress<'_>) -> Result<(), Error> {
        self.stop(progress)?;
        let Some(checkout_dir) = CheckoutDir::open(&self.root, self.purpose, &self.settings)?
        else {
            return Ok(());
        };
        let Some(data_dir) = checkout_dir.find_data_dir()? else {
            return Ok(());
        };
        cleanup::remove_data_dir(&data_dir)?;
        files::remove_if_exists(&checkout_dir.location_file())
    }

    /// Reads the state of the server. Takes no lock, creates and starts nothing, and requires no PostgreSQL programs.
    ///
    /// # Errors
    /// Fails with [`Error::Io`] if a file cannot be read.
    pub fn status(&self) -> Result<ServerStatus, Error> {
        let Some(checkout_dir) = CheckoutDir::open(&self.root, self.purpose, &self.settings)?
        else {
            return Ok(ServerStatus::Absent);
        };
        let data_dir = checkout_dir.find_data_dir()?;
        let Some(data_dir) = data_dir.filter(|data_dir| data_dir.cluster_dir().exists()) else {
            return Ok(ServerStatus::Absent);
        };
        if let Some(file) = PidFile::read(&data_dir)?
            && file.phase == Phase::Ready
            && let Some(socket_dir) = socket::find_dir(&data_dir)?
            && postmaster::is_answering(&socket_dir)
        {
            let outcome = StartOutcome::AlreadyRunning;
            let running = RunningServer::new(&data_dir, socket_dir, &file, outcome);
            return Ok(ServerStatus::Running(running));
        }
        Ok(ServerStatus::Stopped { cluster_dir: data_dir.cluster_dir() })
    }
}
