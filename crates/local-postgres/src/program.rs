//! Running programs: with a limit, with their output, and so that what they leave behind holds nothing.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::io::{FdFlags, fcntl_setfd};

use crate::{Error, Notice, wait};

/// How a program ended.
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    /// Both of its streams, in the order of their writing.
    pub(crate) output: String,
}

impl Finished {
    /// The last lines, for an error.
    pub(crate) fn tail(&self) -> String {
        last_lines(&self.output)
    }
}

/// Runs `command` to its end, at most for `limit`, then kills it. `what` completes "waiting for …".
///
/// Both streams go into a file instead of a pipe: a server that the command leaves behind would
/// otherwise keep the pipe open, and whoever reads it would wait for as long as the server runs.
pub(crate) fn run(
    command: &mut Command,
    what: &str,
    limit: Duration,
    notice: &mut Notice<'_>,
) -> Result<Finished, Error> {
    let scratch = std::env::temp_dir();
    let mut file = tempfile::tempfile().map_err(Error::io("create a file in", &scratch))?;
    let copy = || file.try_clone().map_err(Error::io("write to", &scratch));
    let mut child =
        command.stdin(Stdio::null()).stdout(copy()?).stderr(copy()?).spawn().map_err(|source| {
            Error::Run { program: PathBuf::from(command.get_program()), source }
        })?;
    let ended =
        wait::until(what, limit, notice, || child.try_wait().map_err(Error::io("wait for", what)));
    let status = match ended {
        Ok(status) => status,
        Err(error) => {
            end(&mut child);
            return Err(error);
        }
    };
    Ok(Finished {
        status,
        output: read_from_start(&mut file).map_err(Error::io("read from", &scratch))?,
    })
}

fn end(child: &mut Child) {
    // It may have ended in this very moment.
    child.kill().ok();
    child.wait().ok();
}

fn read_from_start(file: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const TAIL: usize = 12;

/// The end of a text, indented so that it reads as a quotation.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(TAIL);
    let quoted: Vec<String> = lines[from..].iter().map(|line| format!("    {line}")).collect();
    quoted.join("\n")
}

/// Lets `command` inherit nothing but its three streams.
///
/// A server outlives the command that started it, and so would every file that it inherits: with
/// `exec 9>lock; flock 9; make db-start` the lock would be held for as long as the server runs, and
/// `make db-start 3>&1 | cat` would not end.
pub(crate) fn inherit_nothing(command: &mut Command) {
    let open = open_descriptors();
    let close_at_exec = move || {
        for &descriptor in &open {
            mark(descriptor);
        }
        Ok(())
    };
    #[expect(
        unsafe_code,
        reason = "the closure runs between fork and exec: it only calls fcntl, on a list that was made before"
    )]
    // SAFETY: it neither allocates nor takes a lock.
    unsafe {
        command.pre_exec(close_at_exec);
    }
}

fn mark(descriptor: RawFd) {
    #[expect(unsafe_code, reason = "a number from the list of open descriptors is all there is")]
    // SAFETY: borrowed for this one call. Was it closed since, then the call fails, which is just as well.
    let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
    fcntl_setfd(borrowed, FdFlags::CLOEXEC).ok();
}

/// What this process has open beside its three streams. Both Linux and macOS have this folder.
fn open_descriptors() -> Vec<RawFd> {
    let Ok(entries) = fs::read_dir("/dev/fd") else {
        return (3..256).collect();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&descriptor| descriptor > 2)
        .collect()
}

#[cfg(test)]
mod tests {
    use test_support::test_timeout;

    use super::*;

    fn silent() -> impl FnMut(&str) {
        |_: &str| {}
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_kept_in_their_order() {
        let mut command = shell("echo one; echo two >&2; echo three; exit 4");
        let finished = run(&mut command, "sh", test_timeout(), &mut silent()).unwrap();

        assert_eq!(finished.output, "one\ntwo\nthree\n");
        assert_eq!(finished.status.code(), Some(4));
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        let mut command = shell("exec sleep 600");
        let result = run(&mut command, "sleep", Duration::from_millis(20), &mut silent());

        let error = result.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("gave up after 0 s of waiting for sleep"));
    }

    #[test]
    fn what_a_program_leaves_behind_does_not_keep_it_waiting() {
        let mut command = shell("sleep 600 & echo $!");
        let finished = run(&mut command, "sh", test_timeout(), &mut silent()).unwrap();

        let left: i32 = finished.output.trim().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(left).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }

    #[test]
    fn a_missing_program_is_named() {
        let mut command = Command::new("/nowhere/initdb");
        let result = run(&mut command, "initdb", Duration::from_secs(1), &mut silent());

        let error = result.err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("could not run /nowhere/initdb"));
    }

    #[test]
    fn an_inherited_file_is_not_passed_on() {
        let file = File::open("/dev/null").unwrap();
        rustix::io::fcntl_setfd(&file, FdFlags::empty()).unwrap();
        let number = std::os::fd::AsRawFd::as_raw_fd(&file);
        let script = format!("test -e /dev/fd/{number}");

        let mut inherits = shell(&script);
        let mut inherits_nothing = shell(&script);
        inherit_nothing(&mut inherits_nothing);

        let limit = test_timeout();
        let with = run(&mut inherits, "sh", limit, &mut silent()).unwrap();
        let without = run(&mut inherits_nothing, "sh", limit, &mut silent()).unwrap();
        assert!(with.status.success());
        assert!(!without.status.success());
    }
}
