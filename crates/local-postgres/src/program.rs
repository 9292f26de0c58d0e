//! Runs programs with a time limit and collects their output.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::io::{FdFlags, fcntl_setfd};

use crate::{Error, Progress, wait};

/// The exit status and the output of a program that has ended.
pub(crate) struct FinishedProgram {
    pub(crate) status: ExitStatus,
    /// The stdout and stderr of the program, in the order in which the program wrote them.
    pub(crate) output: String,
}

impl FinishedProgram {
    /// Returns the last lines of the output, for an error message.
    pub(crate) fn tail(&self) -> String {
        last_lines(&self.output)
    }
}

/// Runs `command` and waits until it ends. Kills the program after `limit`. `event` completes the message "waiting for
/// …".
///
/// The output goes to a file and not to a pipe. A server that the command starts would keep the pipe open, and reading
/// it would take as long as the server runs.
pub(crate) fn run(
    command: &mut Command,
    event: &str,
    limit: Duration,
    progress: &mut Progress<'_>,
) -> Result<FinishedProgram, Error> {
    let program = PathBuf::from(command.get_program());
    let scratch_dir = std::env::temp_dir();
    let mut file = tempfile::tempfile().map_err(Error::io("create a file in", &scratch_dir))?;
    let stream = || file.try_clone().map_err(Error::io("write to", &scratch_dir));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(stream()?)
        .stderr(stream()?)
        .spawn()
        .map_err(|source| Error::ProgramFailed { program: program.clone(), source })?;
    let ended = wait::until(event, limit, progress, || {
        child.try_wait().map_err(Error::io("wait for", &program))
    });
    let status = match ended {
        Ok(status) => status,
        Err(error) => {
            kill_and_reap(&mut child);
            return Err(error);
        }
    };
    Ok(FinishedProgram {
        status,
        output: read_from_start(&mut file).map_err(Error::io("read from", &scratch_dir))?,
    })
}

fn kill_and_reap(child: &mut Child) {
    // The calls fail only if the program has just ended by itself.
    child.kill().ok();
    child.wait().ok();
}

fn read_from_start(file: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The number of lines of a program's output that an error message contains.
const TAIL_LINES: usize = 12;

/// Returns the last lines of a text that are not blank, indented as a quotation.
pub(crate) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let start = lines.len().saturating_sub(TAIL_LINES);
    let quoted: Vec<String> = lines[start..].iter().map(|line| format!("    {line}")).collect();
    quoted.join("\n")
}

/// Prevents `command` from inheriting open files other than stdin, stdout and stderr.
///
/// The server outlives the command that starts it and would keep every inherited file open. The lock of
/// `exec 9>lock; flock 9; make db-start` would be held for as long as the server runs, and `make db-start 3>&1 | cat`
/// would not end.
pub(crate) fn close_inherited_files(command: &mut Command) {
    let descriptors = open_descriptors();
    let close_at_exec = move || {
        for &descriptor in &descriptors {
            set_close_on_exec(descriptor);
        }
        Ok(())
    };
    #[expect(
        unsafe_code,
        reason = "the closure runs between fork and exec, and only calls fcntl for each item of an existing list"
    )]
    // SAFETY: the closure neither allocates nor takes a lock.
    unsafe {
        command.pre_exec(close_at_exec);
    }
}

fn set_close_on_exec(descriptor: RawFd) {
    #[expect(unsafe_code, reason = "the list of open descriptors contains plain numbers")]
    // SAFETY: the descriptor is borrowed for one call. If it was closed in the meantime, the call fails, which does no
    // harm.
    let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
    fcntl_setfd(borrowed, FdFlags::CLOEXEC).ok();
}

/// Returns the open file descriptors of this process other than stdin, stdout and stderr. Both Linux and macOS list
/// them in `/dev/fd`.
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

    fn ignore() -> impl FnMut(&str) {
        |_: &str| {}
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn stdout_and_stderr_are_collected_in_order() {
        let mut command = shell("echo one; echo two >&2; echo three; exit 4");
        let finished = run(&mut command, "sh", test_timeout(), &mut ignore()).unwrap();

        assert_eq!(finished.output, "one\ntwo\nthree\n");
        assert_eq!(finished.status.code(), Some(4));
    }

    #[test]
    fn a_program_is_killed_at_the_time_limit() {
        let mut command = shell("exec sleep 600");
        let result = run(&mut command, "sleep", Duration::from_millis(20), &mut ignore());

        assert!(matches!(&result, Err(Error::Timeout { event, .. }) if event == "sleep"));
    }

    #[test]
    fn a_background_process_that_the_program_leaves_is_not_awaited() {
        let mut command = shell("sleep 600 & echo $!");
        let finished = run(&mut command, "sh", test_timeout(), &mut ignore()).unwrap();

        let background_pid: i32 = finished.output.trim().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(background_pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }

    #[test]
    fn the_error_for_a_missing_program_contains_its_path() {
        let mut command = Command::new("/nowhere/initdb");
        let result = run(&mut command, "initdb", Duration::from_secs(1), &mut ignore());

        let program = PathBuf::from("/nowhere/initdb");
        assert!(
            matches!(&result, Err(Error::ProgramFailed { program: failed, .. }) if *failed == program)
        );
    }

    #[test]
    fn an_inheritable_file_descriptor_is_not_passed_to_the_program() {
        let file = File::open("/dev/null").unwrap();
        rustix::io::fcntl_setfd(&file, FdFlags::empty()).unwrap();
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(&file);
        let script = format!("test -e /dev/fd/{descriptor}");

        let mut inherits = shell(&script);
        let mut closes = shell(&script);
        close_inherited_files(&mut closes);

        let limit = test_timeout();
        let with = run(&mut inherits, "sh", limit, &mut ignore()).unwrap();
        let without = run(&mut closes, "sh", limit, &mut ignore()).unwrap();
        assert!(with.status.success());
        assert!(!without.status.success());
    }
}
