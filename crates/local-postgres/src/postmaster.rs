//! What can be known of a server that may or may not be running.

use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::account::Account;
use crate::area::Area;
use crate::{Error, files, program, socket};

/// A server that does not answer within this time is one that was stopped with SIGSTOP, or a disk that
/// does not come back.
const ANSWER: Duration = Duration::from_secs(5);

/// The length of the message, and the number that asks for TLS; answered with one byte.
/// <https://www.postgresql.org/docs/current/protocol-message-formats.html>
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// `postmaster.pid`: what the server says of itself. A killed server leaves it behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    /// The folder of the cluster when the server started.
    data: PathBuf,
    /// The folder of its socket.
    pub(crate) socket: PathBuf,
    pub(crate) phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It accepts connections, or did when it wrote so.
    Ready,
    /// It is starting or stopping.
    Other,
}

impl PidFile {
    pub(crate) fn read(area: &Area) -> Result<Option<Self>, Error> {
        let content = files::read(&path(area))?;
        Ok(content.and_then(|content| Self::parse(&String::from_utf8_lossy(&content))))
    }

    /// The pid is the first line, negative for a server in single-user mode, the folder the second, that of the socket the
    /// fifth, and the state the eighth.
    fn parse(content: &str) -> Option<Self> {
        let mut lines = content.lines();
        let pid: i32 = lines.next()?.trim().parse().ok()?;
        let data = PathBuf::from(lines.next().unwrap_or_default());
        let socket = PathBuf::from(lines.nth(2).unwrap_or_default());
        let phase = match lines.nth(2).map(str::trim) {
            Some("ready") => Phase::Ready,
            _ => Phase::Other,
        };
        Some(Self { pid: pid.checked_abs()?, data, socket, phase })
    }

    /// Whether the cluster was moved while the server runs. It goes on serving, and crashes at its next checkpoint: it looks for
    /// `pg_control` in the old folder.
    pub(crate) fn is_moved(&self, area: &Area) -> bool {
        self.data != area.data()
    }
}

fn path(area: &Area) -> PathBuf {
    area.data().join("postmaster.pid")
}

/// Whether a server answers there. In the private folder that can only be ours.
pub(crate) fn answers(folder: &Path) -> bool {
    let ask = || -> std::io::Result<()> {
        let mut stream = UnixStream::connect(socket::file(folder))?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        stream.write_all(&SSL_REQUEST)?;
        stream.read_exact(&mut [0])
    };
    ask().is_ok()
}

/// Whether the process with that number is the server of this cluster: its working folder is the
/// cluster.
///
/// That a process with that number is alive says nothing. The number may be another's since (after
/// a restart of the machine it often is), PostgreSQL then refuses to start; the process may be dead
/// and never buried, as in containers without an init; and the file may have been copied along with
/// the checkout.
///
/// # Errors
/// Fails if nobody answers. Then it is not known that the server is gone, and nothing of it may be removed.
pub(crate) fn serves(pid: i32, area: &Area, account: &Account) -> Result<bool, Error> {
    let Some(process) = Pid::from_raw(pid) else {
        return Ok(false);
    };
    if rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH) {
        return Ok(false);
    }
    Ok(working_folder(pid, area, account)?.is_some_and(|folder| folder == area.data()))
}

/// Returns the working folder of a process; `None` if there is no such process, or it is another user's.
///
/// Asked as the server's user: in a container, root may not look at processes of others.
fn working_folder(pid: i32, area: &Area, account: &Account) -> Result<Option<PathBuf>, Error> {
    let (program, args) = if Path::new("/proc/self/cwd").exists() {
        ("readlink", vec!["-n".to_owned(), format!("/proc/{pid}/cwd")])
    } else {
        (
            "lsof",
            ["-a", "-d", "cwd", "-Fn", "-p"]
                .map(str::to_owned)
                .into_iter()
                .chain([pid.to_string()])
                .collect(),
        )
    };
    let output = account.command(program, area.dir()).args(args).output();
    let output = output.map_err(Error::io("run", program))?;
    if output.status.code().is_none() {
        let killed = std::io::Error::other(output.status.to_string());
        return Err(Error::io("run", program)(killed));
    }
    let path = working_folder_in(&output.stdout);
    Ok(path.map(|path| PathBuf::from(std::ffi::OsStr::from_bytes(path))))
}

/// `readlink -n` prints the path; `lsof -Fn` one field per line, the path after an `n`.
fn working_folder_in(output: &[u8]) -> Option<&[u8]> {
    if output.starts_with(b"/") {
        return Some(output);
    }
    output.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"n"))
}

/// Asks for a fast shutdown: sessions are ended, what is committed is kept.
pub(crate) fn ask_to_stop(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        // Gone in this moment is what was asked for; whatever else fails shows in the wait that follows.
        rustix::process::kill_process(pid, Signal::INT).ok();
    }
}

/// Removes what a server has left that is known to be gone. PostgreSQL does that itself, except when
/// another process has the number by now.
pub(crate) fn clear_away(area: &Area, folder: &Path) -> Result<(), Error> {
    for file in [path(area), socket::file(folder), socket::lock_file(folder)] {
        files::remove(&file)?;
    }
    Ok(())
}

/// The end of the log after its first `skip` bytes.
pub(crate) fn log_tail(area: &Area, skip: u64) -> String {
    let log = files::read(&area.log()).ok().flatten().unwrap_or_default();
    let skip = usize::try_from(skip).unwrap_or(0);
    let new = log.get(skip..).unwrap_or(&log);
    program::last_lines(&String::from_utf8_lossy(new))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const READY: &str = "4711\n/d\n1732330000\n5432\n/d/socket\n\n   393217         0\nready   \n";

    #[rstest]
    #[case(READY, Some((4711, Phase::Ready)))]
    #[case("4711\n/d\n1732330000\n5432\n/d/socket\n\n   393217         0\nstarting\n", Some((4711, Phase::Other)))]
    #[case("4711\n/d\n1732330000\n5432\n", Some((4711, Phase::Other)))]
    #[case("-4711\n", Some((4711, Phase::Other)))]
    #[case("", None)]
    #[case("\n", None)]
    fn the_pid_file_is_read(#[case] content: &str, #[case] expected: Option<(i32, Phase)>) {
        let read = PidFile::parse(content).map(|file| (file.pid, file.phase));
        assert_eq!(read, expected);
    }

    #[test]
    fn the_folders_of_the_pid_file_are_read() {
        let read = PidFile::parse(READY).expect("it is complete");
        assert_eq!(read.data, Path::new("/d"));
        assert_eq!(read.socket, Path::new("/d/socket"));
    }

    #[rstest]
    #[case(b"/srv/da ta", Some(&b"/srv/da ta"[..]))]
    #[case(b"p4711\nfcwd\nn/srv/data\n", Some(&b"/srv/data"[..]))]
    #[case(b"", None)]
    fn the_working_folder_is_read(#[case] output: &[u8], #[case] expected: Option<&[u8]>) {
        assert_eq!(working_folder_in(output), expected);
    }
}
