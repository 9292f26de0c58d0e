//! Starting the server process, so that it outlives us and holds nothing of ours.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use crate::account::Account;
use crate::area::Area;
use crate::config::{self, HBA_CONF, IDENT_CONF, SERVER_CONF};
use crate::files::{self, READABLE};
use crate::postmaster::{self, PidFile};
use crate::{Binaries, Error, Notice, Purpose, program, wait};

/// How long `pg_ctl` waits. After a crash there may be much to recover.
const START: Duration = Duration::from_secs(120);
/// `pg_ctl` itself, once it has given up.
const PG_CTL: Duration = Duration::from_secs(150);
/// Sessions of a killed server end by themselves when they notice.
const REMNANTS: Duration = Duration::from_secs(30);
/// An older log is put aside at the next start, and the one before that goes.
const LARGEST_LOG: u64 = 10 * 1024 * 1024;

/// Starts the server of an area whose cluster is there and whose server is gone.
pub(crate) fn launch(
    area: &Area,
    socket: &Path,
    purpose: Purpose,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    configure(area, socket, purpose, account)?;
    let first = attempt(area, socket, binaries, account, notice);
    if !matches!(&first, Err(error) if has_remnants(error)) {
        return first;
    }
    // Killed with -9, the server left processes that still use its memory: PostgreSQL rightly refuses
    // to start beside them.
    let what = "the processes of the killed server to end";
    let retried = wait::until(what, REMNANTS, notice, || {
        match attempt(area, socket, binaries, account, &mut |_: &str| {}) {
            Err(error) if has_remnants(&error) => Ok(None),
            other => other.map(Some),
        }
    });
    match retried {
        Err(Error::TooLong { .. }) => first,
        other => other,
    }
}

fn has_remnants(error: &Error) -> bool {
    matches!(error, Error::Start { tail, .. } if tail.contains("pre-existing shared memory block"))
}

fn configure(area: &Area, socket: &Path, purpose: Purpose, account: &Account) -> Result<(), Error> {
    let texts = [
        (SERVER_CONF, config::server(purpose, socket)),
        (HBA_CONF, config::hba()),
        (IDENT_CONF, config::ident(&account.name)),
    ];
    for (name, text) in texts {
        files::write(&area.file(name), text, READABLE)?;
    }
    prepare_log(area, account)
}

/// The area may be a folder in which the server's user cannot create anything, so the log is made
/// for it.
fn prepare_log(area: &Area, account: &Account) -> Result<(), Error> {
    let log = area.log();
    if log_size(area) > LARGEST_LOG {
        std::fs::rename(&log, area.file("log.1")).map_err(Error::io("rename", &log))?;
    }
    OpenOptions::new().append(true).create(true).open(&log).map_err(Error::io("open", &log))?;
    files::set_mode(&log, 0o600)?;
    account.own_path(&log)
}

fn log_size(area: &Area) -> u64 {
    std::fs::metadata(area.log()).map_or(0, |meta| meta.len())
}

/// One start. `pg_ctl` puts the server into a session of its own, so that the Ctrl-C that ends a
/// command does not end the server, and its streams into the log.
fn attempt(
    area: &Area,
    socket: &Path,
    binaries: &Binaries,
    account: &Account,
    notice: &mut Notice<'_>,
) -> Result<(), Error> {
    let log_before = log_size(area);
    let mut command = account.command(binaries.dir().join("pg_ctl"), area.dir());
    // Names and not paths, since pg_ctl hands them to a shell.
    command
        .args(["start", "-w", "-D", "data", "-l", "log"])
        .args(["-t", &START.as_secs().to_string()])
        .args(["-o", &format!("-c config_file={SERVER_CONF}")]);
    program::inherit_nothing(&mut command);
    let finished = program::run(&mut command, "PostgreSQL to start", PG_CTL, notice)?;
    if finished.status.success() && postmaster::answers(socket) {
        return Ok(());
    }
    if let Some(PidFile { pid, .. }) = PidFile::read(area)?
        && postmaster::serves(pid, area, account)?
    {
        return Err(silent(area, socket, pid));
    }
    let tail = postmaster::log_tail(area, log_before);
    Err(Error::Start {
        log: area.log(),
        // A full disk has no room for the log either.
        tail: if tail.is_empty() { finished.tail() } else { tail },
    })
}

/// A server that is there and does not answer.
pub(crate) fn silent(area: &Area, socket: &Path, pid: i32) -> Error {
    Error::Silent {
        pid,
        socket: socket.to_path_buf(),
        log: area.log(),
        tail: postmaster::log_tail(area, 0),
    }
}
