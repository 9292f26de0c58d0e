//! Stops a server without losing committed data.

use std::time::Duration;

use crate::account::Account;
use crate::layout::DataDir;
use crate::postmaster::{self, PidFile};
use crate::{
    Binaries, Error, Progress, RunningServer, StartOutcome, StopOutcome, program, socket, wait,
};

/// The time that a fast shutdown may take. The server writes all changed buffers to disk.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// The statements that wait until all commits of the server are on disk.
///
/// A server whose cluster was moved crashes while it stops, and loses asynchronous commits that are not on disk by
/// then. A synchronous commit waits for the earlier commits too, but only if its transaction has written to the WAL,
/// which `pg_logical_emit_message` does:
/// <https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION>.
const FLUSH_SQL: &str =
    "SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'seedbed', 'moved')";

/// Stops the server of a data directory, if one is running, and waits until its process has ended.
pub(crate) fn stop(
    data_dir: &DataDir,
    binaries: Option<&Binaries>,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<StopOutcome, Error> {
    let Some(file) = PidFile::read(data_dir)? else {
        return Ok(StopOutcome::NotRunning);
    };
    let pid = file.pid;
    if !postmaster::is_serving(pid, data_dir, account)? {
        return Ok(StopOutcome::NotRunning);
    }
    request(data_dir, &file, binaries, progress)?;
    let event = format!("the local server (process {pid}) to stop");
    let stopped = wait::until(&event, STOP_TIMEOUT, progress, || {
        Ok((!postmaster::is_serving(pid, data_dir, account)?).then_some(()))
    });
    match stopped {
        Err(Error::Timeout { seconds, .. }) => Err(Error::StopTimeout { pid, seconds }),
        other => other.map(|()| StopOutcome::Stopped),
    }
}

/// Requests a shutdown, and does not wait for its end. If the cluster was moved, flushes its commits to disk first,
/// provided that the server can be reached.
pub(crate) fn request(
    data_dir: &DataDir,
    file: &PidFile,
    binaries: Option<&Binaries>,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    if file.is_cluster_moved(data_dir)
        && let Some(binaries) = binaries
    {
        // The socket was moved together with the cluster, unless it is outside of the data directory.
        let moved = socket::find_dir(data_dir)?.filter(|dir| socket::file(dir).exists());
        let socket_dir = moved.unwrap_or_else(|| file.socket_dir.clone());
        let server = RunningServer::new(data_dir, socket_dir, file, StartOutcome::AlreadyRunning);
        let mut psql = server.psql(binaries, "postgres");
        psql.args(["-XAtqc", FLUSH_SQL]);
        let event = "the server to write its commits to disk";
        program::run(&mut psql, event, STOP_TIMEOUT, progress)?;
    }
    postmaster::request_fast_shutdown(file.pid);
    Ok(())
}
