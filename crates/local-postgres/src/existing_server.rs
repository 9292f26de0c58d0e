//! Determines the state of a server that did not answer at first.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::layout::DataDir;
use crate::postmaster::{self, Phase, PidFile};
use crate::{Binaries, Error, Progress, shutdown, socket, wait};

/// The time that a server may take to finish starting or stopping. The server may be recovering after a crash.
const TRANSITION_TIMEOUT: Duration = Duration::from_secs(60);
/// The time that a server that has recorded that it is ready may take to answer. A slower server was suspended with
/// SIGSTOP, or its disk hangs.
const READY_TIMEOUT: Duration = Duration::from_secs(15);

/// The state of a server that did not answer at first.
///
/// ```text
///  no pid file, or a process of another cluster ────────────────────► Gone
///  starting ──► ready ──► answers ──────────────────────────────────► Ready
///                    └──► no answer within READY_TIMEOUT ───────────► Unresponsive
///  stopping, or asked to stop because its cluster or socket moved ──► Gone
/// ```
pub(crate) enum ExistingServer {
    /// The server answers now.
    Ready(PidFile),
    /// The process with this id has recorded that it is ready, but does not answer.
    Unresponsive(i32),
    /// No server is running, and the files of the previous one are removed.
    Gone,
}

/// Waits until a server has finished starting or stopping, and removes the files of a dead server.
///
/// A server whose cluster or socket folder was moved or removed is stopped, so that it can be started again.
pub(crate) fn wait_for_transition(
    data_dir: &DataDir,
    socket_dir: &Path,
    binaries: &Binaries,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<ExistingServer, Error> {
    if let Some(file) = PidFile::read(data_dir)?
        && file.is_cluster_moved(data_dir)
        && postmaster::is_serving(file.pid, data_dir, account)?
    {
        shutdown::request(data_dir, &file, Some(binaries), progress)?;
    }
    let started_at = Instant::now();
    let event = "the local server to finish starting or stopping";
    let existing = wait::until(event, TRANSITION_TIMEOUT, progress, || {
        let Some(file) = PidFile::read(data_dir)? else {
            return Ok(Some(ExistingServer::Gone));
        };
        if !postmaster::is_serving(file.pid, data_dir, account)? {
            return Ok(Some(ExistingServer::Gone));
        }
        if file.phase == Phase::InTransition || file.is_cluster_moved(data_dir) {
            return Ok(None);
        }
        if postmaster::is_answering(socket_dir) {
            return Ok(Some(ExistingServer::Ready(file)));
        }
        if !socket::file(socket_dir).exists() {
            // The socket was in another folder, which a cleanup of /tmp has removed.
            postmaster::request_fast_shutdown(file.pid);
        }
        let is_unresponsive = started_at.elapsed() > READY_TIMEOUT;
        Ok(is_unresponsive.then_some(ExistingServer::Unresponsive(file.pid)))
    })?;
    if matches!(existing, ExistingServer::Gone) {
        postmaster::remove_leftovers(data_dir, socket_dir)?;
    }
    Ok(existing)
}
