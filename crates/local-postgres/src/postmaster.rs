//! Inspects a server that may or may not be running: its pid file, its process, its socket and its log.

use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal};

use crate::account::Account;
use crate::layout::DataDir;
use crate::{Error, files, program, socket};

/// The time that a server may take to answer. A slower server was suspended with SIGSTOP, or its disk hangs.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// The message `SSLRequest`, which consists of its length and the code that requests TLS. Every server answers it with
/// one byte. <https://www.postgresql.org/docs/current/protocol-message-formats.html>
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// The content of `postmaster.pid`, in which a server records its process. A killed server leaves the file behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    /// The folder of the cluster at the time when the server started.
    cluster_dir: PathBuf,
    /// The folder of the server's socket.
    pub(crate) socket_dir: PathBuf,
    pub(crate) phase: Phase,
}

/// The phase that the server recorded in its pid file.
///
/// ```text
///  start ──► InTransition (starting) ──► Ready ──► InTransition (stopping) ──► no pid file
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The server accepts connections, or accepted them when it wrote the file.
    Ready,
    /// The server is starting or stopping.
    InTransition,
}

impl PidFile {
    /// Reads the pid file of a cluster. Returns `None` if there is no pid file, or if it contains no process id.
    pub(crate) fn read(data_dir: &DataDir) -> Result<Option<Self>, Error> {
        let content = files::read(&pid_file_path(data_dir))?;
        Ok(content.and_then(|content| Self::parse(&String::from_utf8_lossy(&content))))
    }

    /// Parses a pid file. Line 1 is the process id, which is negative in single-user mode; line 2 is the folder of the
    /// cluster, line 5 the folder of the socket, and line 8 the state.
    fn parse(content: &str) -> Option<Self> {
        let mut lines = content.lines();
        let pid: i32 = lines.next()?.trim().parse().ok()?;
        let cluster_dir = PathBuf::from(lines.next().unwrap_or_default());
        let socket_dir = PathBuf::from(lines.nth(2).unwrap_or_default());
        let phase = match lines.nth(2).map(str::trim) {
            Some("ready") => Phase::Ready,
            _ => Phase::InTransition,
        };
        Some(Self { pid: pid.checked_abs()?, cluster_dir, socket_dir, phase })
    }

    /// Returns whether the cluster was moved since the server started. Such a server still answers, but it crashes at
    /// its next checkpoint, because it looks for `pg_control` in the old folder.
    pub(crate) fn is_cluster_moved(&self, data_dir: &DataDir) -> bool {
        self.cluster_dir != data_dir.cluster_dir()
    }
}

fn pid_file_path(data_dir: &DataDir) -> PathBuf {
    data_dir.cluster_dir().join("postmaster.pid")
}

/// Returns whether a server answers on the socket in this folder. The folder is private, so the server that answers is
/// the one of this data directory.
pub(crate) fn is_answering(socket_dir: &Path) -> bool {
    let query = || -> std::io::Result<()> {
        let mut stream = UnixStream::connect(socket::file(socket_dir))?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.set_write_timeout(Some(ANSWER_TIMEOUT))?;
        stream.write_all(&SSL_REQUEST)?;
        stream.read_exact(&mut [0])
    };
    query().is_ok()
}

/// Returns whether the process `pid` is the server of this cluster, which is the case if its working directory is the
/// cluster.
///
/// The existence of a process with this id proves nothing. The id may have been reused, which is common after a restart
/// of the machine, and PostgreSQL then refuses to start. The process may be a zombie, as in a container without an init
/// process. And the pid file may have been copied together with the checkout.
///
/// # Errors
/// Fails if the working directory cannot be determined. In that case the server may still run, so its files must not be
/// removed.
pub(crate) fn is_serving(pid: i32, data_dir: &DataDir, account: &Account) -> Result<bool, Error> {
    let Some(process) = Pid::from_raw(pid) else {
        return Ok(false);
    };
    if rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH) {
        return Ok(false);
    }
    Ok(working_dir(pid, data_dir, account)?.is_some_and(|dir| dir == data_dir.cluster_dir()))
}

/// Returns the working directory of a process. Returns `None` if there is no such process, or if it belongs to another
/// user.
///
/// The query runs as the server's user, because in a container root may not inspect the processes of other users.
fn working_dir(pid: i32, data_dir: &DataDir, account: &Account) -> Result<Option<PathBuf>, Error> {
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
    let output = account.command(program, data_dir.path()).args(args).output();
    let output = output.map_err(Error::io("run", program))?;
    if output.status.code().is_none() {
        let killed = std::io::Error::other(output.status.to_string());
        return Err(Error::io("run", program)(killed));
    }
    let path = parse_working_dir(&output.stdout);
    Ok(path.map(|path| PathBuf::from(std::ffi::OsStr::from_bytes(path))))
}

/// Parses the output of `readlink -n`, which is the path, or of `lsof -Fn`, which has the path in a line that begins
/// with `n`.
fn parse_working_dir(output: &[u8]) -> Option<&[u8]> {
    if output.starts_with(b"/") {
        return Some(output);
    }
    output.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"n"))
}

/// Requests a fast shutdown, which ends all sessions and keeps all committed data.
pub(crate) fn request_fast_shutdown(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        // If the process has just ended, there is nothing to do. Any other failure shows in the wait that follows.
        rustix::process::kill_process(pid, Signal::INT).ok();
    }
}

/// Removes the pid file and the socket of a server that is known to be gone. PostgreSQL removes them itself, except if
/// another process has the same id by now.
pub(crate) fn remove_leftovers(data_dir: &DataDir, socket_dir: &Path) -> Result<(), Error> {
    for file in [pid_file_path(data_dir), socket::file(socket_dir), socket::lock_file(socket_dir)] {
        files::remove_if_exists(&file)?;
    }
    Ok(())
}

/// Returns the last lines of the log, not counting its first `skip` bytes.
pub(crate) fn log_tail(data_dir: &DataDir, skip: u64) -> String {
    let log = files::read(&data_dir.log()).ok().flatten().unwrap_or_default();
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
    #[case("4711\n/d\n1732330000\n5432\n/d/socket\n\n   393217         0\nstarting\n", Some((4711, Phase::InTransition)))]
    #[case("4711\n/d\n1732330000\n5432\n", Some((4711, Phase::InTransition)))]
    #[case("-4711\n", Some((4711, Phase::InTransition)))]
    #[case("", None)]
    #[case("\n", None)]
    fn a_pid_file_is_parsed(#[case] content: &str, #[case] expected: Option<(i32, Phase)>) {
        let parsed = PidFile::parse(content).map(|file| (file.pid, file.phase));
        assert_eq!(parsed, expected);
    }

    #[test]
    fn the_folders_in_a_pid_file_are_parsed() {
        let file = PidFile::parse(READY).expect("the pid file is complete");
        assert_eq!(file.cluster_dir, Path::new("/d"));
        assert_eq!(file.socket_dir, Path::new("/d/socket"));
    }

    #[rstest]
    #[case(b"/srv/da ta", Some(&b"/srv/da ta"[..]))]
    #[case(b"p4711\nfcwd\nn/srv/data\n", Some(&b"/srv/data"[..]))]
    #[case(b"", None)]
    fn a_working_directory_is_parsed(#[case] output: &[u8], #[case] expected: Option<&[u8]>) {
        assert_eq!(parse_working_dir(output), expected);
    }
}
