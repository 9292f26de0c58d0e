//! Removes data directories that no checkout uses.

use std::fs;

use crate::account::Account;
use crate::layout::DataDir;
use crate::postmaster::{self, PidFile};
use crate::{Error, Progress, files, shutdown, socket};

/// Stops the server of an orphaned data directory and removes the directory.
pub(crate) fn remove_orphan(
    data_dir: &DataDir,
    account: &Account,
    progress: &mut Progress<'_>,
) -> Result<(), Error> {
    progress(&format!(
        "removing `{}`, which belongs to an earlier checkout in this folder",
        data_dir.path().display()
    ));
    shutdown::stop(data_dir, None, account, progress)?;
    remove_data_dir(data_dir)
}

/// Removes a stale data directory unless its server is running. Errors are ignored, because a stale data directory only
/// occupies memory.
pub(crate) fn remove_stale(data_dir: &DataDir, account: &Account, progress: &mut Progress<'_>) {
    // A running server may belong to a container in which the checkout still exists.
    let is_running = PidFile::read(data_dir).and_then(|file| {
        file.map_or(Ok(false), |file| postmaster::is_serving(file.pid, data_dir, account))
    });
    if matches!(is_running, Ok(false)) && remove_data_dir(data_dir).is_ok() {
        let path = data_dir.path().display();
        progress(&format!("removed `{path}`: its checkout no longer exists"));
    }
}

/// Removes a data directory, and the folder of its socket if that is outside of the data directory. No server may be
/// running.
pub(crate) fn remove_data_dir(data_dir: &DataDir) -> Result<(), Error> {
    if data_dir.cluster_dir().exists()
        && let Some(socket_dir) = socket::find_dir(data_dir)?
    {
        files::remove_dir_if_exists(&socket_dir)?;
    }
    fs::remove_dir_all(data_dir.path()).map_err(Error::io("remove", data_dir.path()))
}
