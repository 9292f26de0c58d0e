//! Start, stop, status.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use crate::account::Account;
use crate::area::{Area, Home};
use crate::postmaster::{self, Phase, PidFile};
use crate::{
    Binaries, Error, Notice, Purpose, Settings, cluster, launch, lock, program, socket, wait,
};

/// For a server that somebody else is starting, or that recovers after a crash.
const SETTLE: Duration = Duration::from_secs(60);
/// For one that says it is ready and does not answer: it was stopped with SIGSTOP, or its disk hangs.
const SILENCE: Duration = Duration::from_secs(15);
/// A fast shutdown writes what is in memory.
const STOP: Duration = Duration::from_secs(60);

/// A private server: one for each folder and purpose.
#[derive(Debug, Clone)]
pub struct Server {
    root: PathBuf,
    purpose: Purpose,
    settings: Settings,
}

/// Whether [`Server::start`] had something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// The server was running.
    Before,
    /// It was started.
    Now,
}

/// Whether [`Server::stop`] had something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// No server was running.
    Before,
    /// It was stopped, and has ended.
    Now,
}

/// How things stand.
#[derive(Debug, Clone)]
pub enum Status {
    /// It answers.
    Running(Running),
    /// There is a cluster, and no server that answers.
    Stopped {
        /// The folder of the cluster.
        data: PathBuf,
    },
    /// There is no cluster.
    Absent,
}

/// A server that answers.
#[derive(Debug, Clone)]
pub struct Running {
    socket: PathBuf,
    pid: i32,
    log: PathBuf,
    started: Started,
    /// Whether its cluster was moved since it started.
    moved: bool,
}

impl Running {
    /// The URL of one of its databases, which need not exist: understood by libpq, sqlx and the
    /// `url` crate. It holds no password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        socket::url(&self.socket, database)
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Its first process.
    #[must_use]
    pub const fn pid(&self) -> i32 {
        self.pid
    }

    /// The file that it writes its messages to.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Whether this call has started it.
    #[must_use]
    pub const fn started(&self) -> Started {
        self.started
    }

    /// The real `psql` on one of its databases, without arguments; `-d` and the like in arguments that
    /// are added mean a database of this server.
    #[must_use]
    pub fn psql(&self, binaries: &Binaries, database: &str) -> Command {
        let mut command = Command::new(binaries.psql());
        for name in ["PGHOSTADDR", "PGSERVICE", "PGPASSWORD", "PGSSLMODE"] {
            command.env_remove(name);
        }
        command
            .env("PGHOST", &self.socket)
            .env("PGPORT", socket::PORT.to_string())
            .env("PGUSER", socket::ROLE)
            .env("PGDATABASE", database);
        command
    }
}

impl Server {
    /// The server for `purpose` that belongs to the folder `root`, such as `.postgres` in a checkout.
    /// Looks at nothing yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>, purpose: Purpose, settings: Settings) -> Self {
        Self { root: root.into(), purpose, settings }
    }

    /// What it was created with.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Finds the server running, or starts it: finds the programs, makes the cluster,
    /// clears away what a killed server has left. Creates no database.
    ///
    /// Any number of commands may do so at once: one starts it, the others wait for that one.
    ///
    /// # Errors
    ///
    /// An [`Error`] that names the file, and the last lines of the server's log where that tells more.
    pub fn start(&self, notice: &mut Notice<'_>) -> Result<Running, Error> {
        if let Some(running) = self.find()? {
            return Ok(running);
        }
        let home = Home::create(&self.root, self.purpose, &self.settings)?;
        let _lock = lock::take(home.dir(), notice)?;
        let result = self.start_locked(&home, notice);
        home.hand_over();
        result
    }

    /// The running server, unless it has to be started again because its cluster was moved.
    fn find(&self) -> Result<Option<Running>, Error> {
        Ok(match self.status()? {
            Status::Running(running) if !running.moved => Some(running),
            _ => None,
        })
    }

    fn start_locked(&self, home: &Home, notice: &mut Notice<'_>) -> Result<Running, Error> {
        // Whoever held the lock may just have started it.
        if let Some(running) = self.find()? {
            return Ok(running);
        }
        let known = home.find_area()?;
        let (major, user) = match &known {
            Some(area) => (cluster::made_by(area, home.dir())?, area.user()?),
            None => (None, None),
        };
        let binaries = Binaries::find(&self.settings, major)?;
        let account = Account::choose(&self.settings, user.as_deref())?;
        for orphan in home.orphans()? {
            remove_orphan(&orphan, &account, notice)?;
        }
        for area in home.forsaken(SystemTime::now()) {
            remove_forsaken(&area, &account, notice);
        }
        let area = home.take_area(&account)?;
        cluster::ensure(&area, home.dir(), &binaries, &account, notice)?;
        let socket = socket::make(&area, &account)?;
        match settle(&area, &socket, &binaries, &account, notice)? {
            Settled::Running(file) => Ok(running(&area, socket, &file, Started::Before)),
            Settled::Silent(pid) => Err(launch::silent(&area, &socket, pid)),
            Settled::Gone => {
                launch::launch(&area, &socket, self.purpose, &binaries, &account, notice)?;
                let log = area.log();
                match PidFile::read(&area)? {
                    Some(file) => Ok(running(&area, socket, &file, Started::Now)),
                    // It answered a moment ago.
                    None => Err(Error::Start { tail: postmaster::log_tail(&area, 0), log }),
                }
            }
        }
    }

    /// Stops the server and waits until it has ended. Sessions are ended, what is committed is kept.
    ///
    /// # Errors
    ///
    /// [`Error::NotStopped`] if it does not end within a minute.
    pub fn stop(&self, notice: &mut Notice<'_>) -> Result<Stopped, Error> {
        let Some(home) = Home::open(&self.root, self.purpose, &self.settings)? else {
            return Ok(Stopped::Before);
        };
        let _lock = lock::take(home.dir(), notice)?;
        let Some(area) = home.find_area()? else {
            return Ok(Stopped::Before);
        };
        let account = Account::choose(&self.settings, area.user()?.as_deref())?;
        let major = cluster::made_by(&area, home.dir())?;
        let binaries = Binaries::find(&self.settings, major).ok();
        stop_area(&area, binaries.as_ref(), &account, notice)
    }

    /// Stops the server and removes its cluster with all databases.
    ///
    /// # Errors
    ///
    /// [`Error::NotStopped`] if it does not end within a minute, and then nothing is removed.
    pub fn remove(&self, notice: &mut Notice<'_>) -> Result<(), Error> {
        self.stop(notice)?;
        let Some(home) = Home::open(&self.root, self.purpose, &self.settings)? else {
            return Ok(());
        };
        let Some(area) = home.find_area()? else {
            return Ok(());
        };
        remove_area(&area)?;
        crate::files::remove(&home.pointer())
    }

    /// Reads how things stand. Takes no lock, creates and starts nothing, needs no PostgreSQL programs.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if a file cannot be read.
    pub fn status(&self) -> Result<Status, Error> {
        let Some(home) = Home::open(&self.root, self.purpose, &self.settings)? else {
            return Ok(Status::Absent);
        };
        let Some(area) = home.find_area()?.filter(|area| area.data().exists()) else {
            return Ok(Status::Absent);
        };
        if let Some(file) = PidFile::read(&area)?
            && file.phase == Phase::Ready
            && let Some(socket) = socket::find(&area)?
            && postmaster::answers(&socket)
        {
            return Ok(Status::Running(running(&area, socket, &file, Started::Before)));
        }
        Ok(Status::Stopped { data: area.data() })
    }
}

fn running(area: &Area, socket: PathBuf, file: &PidFile, started: Started) -> Running {
    Running { socket, pid: file.pid, log: area.log(), started, moved: file.is_moved(area) }
}

/// Waits until all that the server has committed is on disk: one that was moved crashes while it stops, and an asynchronous
/// commit that is not on disk is lost then. A commit waits for the disk only if it has written something to the log of the
/// server: <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION>.
const FLUSH: &str =
    "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'seedbed', 'moved')";

/// Asks a server to stop. One whose cluster was moved writes its commits to the disk first, if it can be reached.
fn ask_to_stop(
    area: &Area,
    file: &PidFile,
    binaries: Option<&Binaries>,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    if file.is_moved(area)
        && let Some(binaries) = binaries
    {
        // The socket was moved too, or it is elsewhere.
        let inside = socket::find(area)?.filter(|folder| socket::file(folder).exists());
        let socket = inside.unwrap_or_else(|| file.socket.clone());
        let mut psql = running(area, socket, file, Started::Before).psql(binaries, "postgres");
        psql.args(["-XAtqc", FLUSH]);
        program::run(&mut psql, "the server to write its commits to disk", STOP, notice)?;
    }
    postmaster::ask_to_stop(file.pid);
    Ok(())
}

/// What became of a server that did not answer at first.
enum Settled {
    /// It answers now.
    Running(PidFile),
    /// It says that it is ready, and does not answer.
    Silent(i32),
    /// There is none, and nothing of it is in the way of a new one.
    Gone,
}

/// Waits for a server that is starting or stopping, and clears away what a dead one has left.
fn settle(
    area: &Area,
    folder: &Path,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<Settled, Error> {
    if let Some(file) = PidFile::read(area)?
        && file.is_moved(area)
        && postmaster::serves(file.pid, area, account)?
    {
        ask_to_stop(area, &file, Some(binaries), notice)?;
    }
    let start = Instant::now();
    let what = "the private server to finish starting or stopping";
    let settled = wait::until(what, SETTLE, notice, || {
        let Some(file) = PidFile::read(area)? else {
            return Ok(Some(Settled::Gone));
        };
        if !postmaster::serves(file.pid, area, account)? {
            return Ok(Some(Settled::Gone));
        }
        if file.phase == Phase::Other || file.is_moved(area) {
            return Ok(None);
        }
        if postmaster::answers(folder) {
            return Ok(Some(Settled::Running(file)));
        }
        if !socket::file(folder).exists() {
            // Its socket was in another folder, before /tmp was cleaned.
            postmaster::ask_to_stop(file.pid);
        }
        Ok((start.elapsed() > SILENCE).then_some(Settled::Silent(file.pid)))
    })?;
    if matches!(settled, Settled::Gone) {
        postmaster::clear_away(area, folder)?;
    }
    Ok(settled)
}

fn stop_area(
    area: &Area,
    binaries: Option<&Binaries>,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<Stopped, Error> {
    let Some(file) = PidFile::read(area)? else {
        return Ok(Stopped::Before);
    };
    let pid = file.pid;
    if !postmaster::serves(pid, area, account)? {
        return Ok(Stopped::Before);
    }
    ask_to_stop(area, &file, binaries, notice)?;
    let what = format!("the private server (process {pid}) to stop");
    let ended = wait::until(&what, STOP, notice, || {
        Ok((!postmaster::serves(pid, area, account)?).then_some(()))
    });
    match ended {
        Err(Error::TooLong { seconds, .. }) => Err(Error::NotStopped { pid, seconds }),
        other => other.map(|()| Stopped::Now),
    }
}

fn remove_orphan(area: &Area, account: &Account, notice: &mut Notice<'_>) -> Result<(), Error> {
    notice(&format!(
        "removing {}: an earlier checkout in this folder left it",
        area.dir().display()
    ));
    stop_area(area, None, account, notice)?;
    remove_area(area)
}

/// Best effort: it is in nobody's way but for the memory that it takes.
fn remove_forsaken(area: &Area, account: &Account, notice: &mut Notice<'_>) {
    let running = PidFile::read(area).and_then(|file| {
        // Whoever uses it may see files that we do not.
        file.map_or(Ok(false), |file| postmaster::serves(file.pid, area, account))
    });
    if matches!(running, Ok(false)) && remove_area(area).is_ok() {
        notice(&format!("removed {}: its checkout is gone", area.dir().display()));
    }
}

fn remove_area(area: &Area) -> Result<(), Error> {
    if area.data().exists()
        && let Some(socket) = socket::find(area)?
    {
        crate::files::remove_folder(&socket)?;
    }
    fs::remove_dir_all(area.dir()).map_err(Error::io("remove", area.dir()))
}
