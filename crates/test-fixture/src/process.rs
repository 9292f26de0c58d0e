//! A process that a test has started, and its output.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use test_support::{Deadline, Snapshot, test_timeout};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Child;
use tokio::task::JoinHandle;

use crate::within_deadline;

/// A running process, which is killed when dropped.
#[derive(Debug)]
pub struct RunningProcess {
    command: String,
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

impl RunningProcess {
    pub(crate) fn new(command: String, mut child: Child) -> Self {
        let stdout = Stream::new(child.stdout.take());
        let stderr = Stream::new(child.stderr.take());
        Self { command, child, stdout, stderr }
    }

    /// Returns the process id.
    ///
    /// # Panics
    /// Panics if the process has ended.
    #[must_use]
    pub fn pid(&self) -> Pid {
        let id = self.child.id().expect("the process is still running");
        Pid::from_raw(id.cast_signed()).expect("an id is not 0")
    }

    /// Closes the reading end of the process's stdout, as `| head -1` does.
    #[must_use]
    pub fn with_closed_stdout(self) -> Self {
        self.stdout.reader.abort();
        self
    }

    /// Sends a signal to the process.
    ///
    /// # Panics
    /// Panics if the process has ended.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("the process runs");
    }

    /// Sends a signal to all processes of the process group. Only a migrator that another program started, as
    /// [`by`](crate::Fixture::by) describes, has a process group of its own.
    ///
    /// # Panics
    /// Panics if the process has ended.
    pub fn signal_group(&self, signal: Signal) {
        kill_process_group(self.pid(), signal).expect("the process runs");
    }

    /// Kills the process with SIGKILL, and waits until it has ended.
    ///
    /// # Panics
    /// Panics if the process has not ended within the deadline.
    pub async fn kill(mut self) {
        within_deadline("a killed process", self.child.kill()).await.expect("the child runs");
    }

    /// Waits until stderr contains the text.
    pub async fn wait_for_stderr(&self, text: &str) {
        let deadline = Deadline::new();
        while !self.stderr.text().contains(text) {
            deadline.check(|| {
                let (stdout, stderr) = (self.stdout.text(), self.stderr.text());
                format!("{} has not printed {text:?}, but:\n{stdout}{stderr}", self.command)
            });
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Returns the stderr of the process so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Waits until the process ends, and returns its output.
    ///
    /// # Panics
    /// Panics if the process does not end within the deadline.
    pub async fn wait_with_output(mut self) -> ProcessOutput {
        let message = format!("{} has not ended, and printed:", self.command);
        let status = match tokio::time::timeout(test_timeout(), self.child.wait()).await {
            Ok(status) => status.expect("a child of this process"),
            Err(_) => panic!("{message}\n{}{}", self.stdout.text(), self.stderr.text()),
        };
        ProcessOutput {
            command: self.command,
            code: status.code(),
            stdout: self.stdout.all().await,
            stderr: self.stderr.all().await,
        }
    }
}

/// The exit code and the output of a process that has ended.
#[derive(Debug, Clone)]
pub struct ProcessOutput {
    command: String,
    /// The exit code, or `None` if a signal ended the process.
    pub code: Option<i32>,
    /// The complete stdout.
    pub stdout: String,
    /// The complete stderr.
    pub stderr: String,
}

impl fmt::Display for ProcessOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(f, "{command}: {code:?}\n--- stdout\n{stdout}--- stderr\n{stderr}---")
    }
}

impl ProcessOutput {
    /// Checks that the exit code is 0.
    ///
    /// # Panics
    /// Panics if the check fails.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.exited_with(0)
    }

    /// Checks that the exit code is `code`, and that the process did not panic.
    ///
    /// # Panics
    /// Panics if the check fails.
    #[track_caller]
    pub fn exited_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(!self.stderr.contains("error: panicked"), "{self}");
        assert!(!self.stderr.contains("stack backtrace"), "{self}");
        self
    }

    /// Checks that stderr contains each of the texts.
    ///
    /// # Panics
    /// Panics if a text is missing.
    #[track_caller]
    pub fn stderr_contains<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "no {text:?} on stderr: {self}");
        }
        self
    }

    /// Checks that neither stdout nor stderr contains any of the texts.
    ///
    /// # Panics
    /// Panics if a text is found.
    #[track_caller]
    pub fn output_lacks<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            let is_printed = self.stderr.contains(text) || self.stdout.contains(text);
            assert!(!is_printed, "{text:?} is in the output: {self}");
        }
        self
    }

    /// Checks that stdout contains each of the texts.
    ///
    /// # Panics
    /// Panics if a text is missing.
    #[track_caller]
    pub fn stdout_contains<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "no {text:?} on stdout: {self}");
        }
        self
    }

    /// Checks that stderr is the text of the snapshot.
    ///
    /// # Panics
    /// Panics if the texts differ.
    #[track_caller]
    pub fn stderr_matches(self, snapshot: Snapshot) -> Self {
        snapshot.assert_matches(&self.stderr);
        self
    }

    /// Checks that stderr, from its first error on, is the text of the snapshot. The lines before the error depend on
    /// the duration of the run.
    ///
    /// # Panics
    /// Panics if the texts differ.
    #[track_caller]
    pub fn error_matches(self, snapshot: Snapshot) -> Self {
        let start = self.stderr.find("error: ").unwrap_or_default();
        snapshot.assert_matches(&self.stderr[start..]);
        self
    }

    /// Removes the lines that begin with `waiting for`. Their number depends on the duration of the run.
    #[must_use]
    pub fn without_waits(mut self) -> Self {
        let lines = self.stderr.lines().filter(|line| !line.starts_with("waiting for "));
        self.stderr = lines.map(|line| format!("{line}\n")).collect();
        self
    }

    /// Checks that stdout is the text of the snapshot.
    ///
    /// # Panics
    /// Panics if the texts differ.
    #[track_caller]
    pub fn stdout_matches(self, snapshot: Snapshot) -> Self {
        snapshot.assert_matches(&self.stdout);
        self
    }

    /// Returns the JSON document that stdout consists of.
    ///
    /// # Panics
    /// Panics if stdout is not a single JSON document, or if its `version` is not 1.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let document: serde_json::Value = match serde_json::from_str(&self.stdout) {
            Ok(document) => document,
            Err(error) => panic!("{error}: {self}"),
        };
        assert_eq!(document["version"], 1, "{self}");
        document
    }
}

/// One output stream of a process. A task reads it continuously, so that a full pipe never blocks the process.
#[derive(Debug)]
struct Stream {
    /// The bytes that have been read so far.
    read: Arc<Mutex<Vec<u8>>>,
    /// The task that reads.
    reader: JoinHandle<()>,
}

impl Stream {
    fn new(source: Option<impl AsyncRead + Unpin + Send + 'static>) -> Self {
        let read = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&read);
        let reader = tokio::spawn(async move {
            let Some(mut source) = source else { return };
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = source.read(&mut buffer).await {
                shared.lock().expect("no holder of the lock panics").extend(&buffer[..count]);
            }
        });
        Self { read, reader }
    }

    /// Returns what has been read so far.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.read.lock().expect("no holder of the lock panics"))
            .into_owned()
    }

    /// Waits for the end of the stream, and returns everything.
    async fn all(self) -> String {
        let Self { read, reader } = self;
        // An error means that `with_closed_stdout` has aborted the reader.
        let _ = within_deadline("the end of its output", reader).await;
        String::from_utf8_lossy(&read.lock().expect("no holder of the lock panics")).into_owned()
    }
}
