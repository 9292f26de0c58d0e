//! Starts the server process, which outlives this process and inherits nothing from it.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use crate::account::Account;
use crate::config::{self, HBA_CONF, IDENT_CONF, SERVER_CONF};
use crate::files::{self, READABLE};
use crate::layout::DataDir;
use crate::postmaster::{self, PidFile};
use crate::{Binaries, Error, Progress, Purpose, program, wait};

/// The time that `pg_ctl` waits for the server, which may have much to recover after a crash.
const START_TIMEOUT: Duration = Duration::from_secs(120);
/// The time limit of `pg_ctl` itself. It is longer than `START_TIMEOUT`, so that `pg_ctl` can report that the server
/// did not start in time.
const PG_CTL_TIMEOUT: Duration = Duration::from_secs(150);
/// The time that the remaining processes of a killed server may take to notice that it is gone, and to end.
const ORPHANS_TIMEOUT: Duration = Duration::from_secs(30);
/// The size above which a log is renamed to `log.1` at the next start, in place of the previous `log.1`.
const MAX_LOG_SIZE: u64 = 10 * 1024 * 1024;

/// Starts the server of an existing cluster that no server is running on.
pub(crate) fn launch(
    data_dir: &DataDir,
    socket_dir: &Path,
    purpose: Purpose,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    write_config(data_dir, socket_dir, purpose, account)?;
    let first = try_launch(data_dir, socket_dir, binaries, account, progress);
    if !matches!(&first, Err(error) if is_blocked_by_orphans(error)) {
        return first;
    }
    // A postmaster that was killed with SIGKILL leaves child processes that still use its shared memory. PostgreSQL
    // refuses to start beside them, since they could damage the cluster.
    let event = "the processes of the killed server to end";
    let retried = wait::until(event, ORPHANS_TIMEOUT, progress, || {
        match try_launch(data_dir, socket_dir, binaries, account, &mut |_: &str| {}) {
            Err(error) if is_blocked_by_orphans(&error) => Ok(None),
            other => other.map(Some),
        }
    });
    match retried {
        Err(Error::Timeout { .. }) => first,
        other => other,
    }
}

fn is_blocked_by_orphans(error: &Error) -> bool {
    let message = "pre-existing shared memory block";
    matches!(error, Error::StartFailed { log_tail, .. } if log_tail.contains(message))
}

fn write_config(
    data_dir: &DataDir,
    socket_dir: &Path,
    purpose: Purpose,
    account: &Account,
) -> Result<(), Error> {
    let files = [
        (SERVER_CONF, config::server_conf(purpose, socket_dir)),
        (HBA_CONF, config::hba_conf()),
        (IDENT_CONF, config::ident_conf(&account.name)),
    ];
    for (name, content) in files {
        files::write(&data_dir.join(name), content, READABLE)?;
    }
    prepare_log(data_dir, account)
}

/// Creates the log file for the server's user, which may not be able to create files in the data directory.
fn prepare_log(data_dir: &DataDir, account: &Account) -> Result<(), Error> {
    let log = data_dir.log();
    if log_size(data_dir) > MAX_LOG_SIZE {
        std::fs::rename(&log, data_dir.join("log.1")).map_err(Error::io("rename", &log))?;
    }
    OpenOptions::new().append(true).create(true).open(&log).map_err(Error::io("open", &log))?;
    files::set_mode(&log, 0o600)?;
    account.chown(&log)
}

fn log_size(data_dir: &DataDir) -> u64 {
    std::fs::metadata(data_dir.log()).map_or(0, |file| file.len())
}

/// Runs `pg_ctl start` once.
///
/// `pg_ctl` starts the server in a separate session, so that the Ctrl-C that ends a command does not end the server,
/// and redirects its output to the log.
fn try_launch(
    data_dir: &DataDir,
    socket_dir: &Path,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    let previous_log_size = log_size(data_dir);
    let mut command = account.command(binaries.dir().join("pg_ctl"), data_dir.path());
    // `pg_ctl` passes its arguments to a shell, so they are names relative to the working directory and not paths.
    command
        .args(["start", "-w", "-D", "data", "-l", "log"])
        .args(["-t", &START_TIMEOUT.as_secs().to_string()])
        .args(["-o", &format!("-c config_file={SERVER_CONF}")]);
    program::close_inherited_files(&mut command);
    let finished = program::run(&mut command, "PostgreSQL to start", PG_CTL_TIMEOUT, progress)?;
    if finished.status.success() && postmaster::is_answering(socket_dir) {
        return Ok(());
    }
    if let Some(PidFile { pid, .. }) = PidFile::read(data_dir)?
        && postmaster::is_serving(pid, data_dir, account)?
    {
        return Err(unresponsive(data_dir, socket_dir, pid));
    }
    let log_tail = postmaster::log_tail(data_dir, previous_log_size);
    Err(Error::StartFailed {
        log: data_dir.log(),
        // On a full disk the log is empty too.
        log_tail: if log_tail.is_empty() { finished.tail() } else { log_tail },
    })
}

/// Returns the error for a server process that does not answer.
pub(crate) fn unresponsive(data_dir: &DataDir, socket_dir: &Path, pid: i32) -> Error {
    Error::Unresponsive {
        pid,
        socket_dir: socket_dir.to_path_buf(),
        log: data_dir.log(),
        log_tail: postmaster::log_tail(data_dir, 0),
    }
}
