//! Starts the migrator as a process, sends it signals, and reads its output.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use seedbed::Direction;
use serde::Deserialize;
use test_support::clear_environment;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::server::PATIENCE;
use crate::state::ScriptId;

/// The executable of the migrator that a [`Case`](crate::plan::Case) runs and interrupts.
#[derive(Debug, Clone)]
pub struct MigratorProgram(PathBuf);

impl MigratorProgram {
    /// Returns the program that was built beside this program.
    ///
    /// # Errors
    /// Fails if the program does not exist.
    pub fn find() -> anyhow::Result<Self> {
        let executable =
            std::env::current_exe().context("failed to find the path of the running executable")?;
        let path = executable.with_file_name("torture-migrator");
        anyhow::ensure!(
            path.is_file(),
            "`{}` is missing; run `cargo build --package torture --bins`",
            path.display()
        );
        Ok(Self(path))
    }

    /// Returns the program at the given path.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Starts the migrator on a database.
    ///
    /// # Errors
    /// Fails if the program does not start.
    pub fn start(&self, url: &str, args: &[String]) -> anyhow::Result<MigratorProcess> {
        let mut command = Command::new(&self.0);
        clear_environment(command.as_std_mut());
        let child = command
            .args(args)
            .arg("--json")
            .env("DATABASE_URL", url)
            // In this folder, the migrator does not find the `.env` file of a checkout.
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("failed to start the migrator")?;
        let (sender, signals) = mpsc::unbounded_channel();
        let has_ended = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(supervise(child, signals, Arc::clone(&has_ended)));
        Ok(MigratorProcess { args: args.join(" "), signals: sender, has_ended, task })
    }
}

/// A running migrator. It is killed when the value is dropped.
#[derive(Debug)]
pub struct MigratorProcess {
    args: String,
    signals: mpsc::UnboundedSender<Signal>,
    has_ended: Arc<AtomicBool>,
    task: JoinHandle<std::io::Result<Ended>>,
}

impl MigratorProcess {
    /// Sends a signal to the process. Does nothing if the process has ended.
    pub fn signal(&self, signal: Signal) {
        // An error means that the process has ended.
        let _ = self.signals.send(signal);
    }

    /// Returns whether the process has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::SeqCst)
    }

    /// Waits until the process ends.
    ///
    /// # Errors
    /// Fails if the process cannot be waited for.
    pub async fn finished(self) -> anyhow::Result<FinishedRun> {
        let ended = self
            .task
            .await
            .context("the task of a runner failed")?
            .context("failed to wait for a runner")?;
        let report = MigratorReport::parse(&ended.stdout);
        Ok(FinishedRun {
            args: self.args,
            exit: ended.exit,
            elapsed: ended.elapsed,
            report,
            stdout: ended.stdout,
            stderr: ended.stderr,
        })
    }
}

/// The exit and the output of a process that has ended.
#[derive(Debug)]
struct Ended {
    exit: Exit,
    elapsed: Duration,
    stdout: String,
    stderr: String,
}

/// Waits for the process. Sends signals too, because only this function knows whether the process has been waited for. After
/// that, another process may have the same id.
async fn supervise(
    mut child: Child,
    mut signals: mpsc::UnboundedReceiver<Signal>,
    has_ended: Arc<AtomicBool>,
) -> std::io::Result<Ended> {
    let started_at = Instant::now();
    let stdout = tokio::spawn(read(child.stdout.take()));
    let stderr = tokio::spawn(read(child.stderr.take()));
    let deadline = tokio::time::sleep(PATIENCE);
    tokio::pin!(deadline);
    let exit = loop {
        tokio::select! {
            biased;
            Some(signal) = signals.recv() => {
                if let Some(pid) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
                    let _ = kill_process(pid, signal);
                }
            }
            status = child.wait() => break Exit::from(status?),
            () = &mut deadline => {
                child.kill().await?;
                break Exit::Hung;
            }
        }
    };
    has_ended.store(true, Ordering::SeqCst);
    let elapsed = started_at.elapsed();
    let text = async |reader: JoinHandle<String>| match timeout(PATIENCE, reader).await {
        Ok(Ok(text)) => text,
        _ => String::new(),
    };
    Ok(Ended { exit, elapsed, stdout: text(stdout).await, stderr: text(stderr).await })
}

/// Reads a stream to its end.
async fn read(source: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut source) = source {
        // The output before an error is kept.
        let _ = source.read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The way in which a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// The process exited with the given code.
    Code(i32),
    /// The given signal ended the process.
    Signal(i32),
    /// The process did not end within [`PATIENCE`].
    Hung,
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}

/// A runner that has ended.
#[derive(Debug, Clone)]
pub struct FinishedRun {
    /// The command line of the runner.
    pub args: String,
    /// The way in which the runner ended.
    pub exit: Exit,
    /// The duration of the runner.
    pub elapsed: Duration,
    /// The report of the runner. `None` if it was killed before it could report.
    pub report: Option<MigratorReport>,
    /// The complete stdout of the runner.
    pub stdout: String,
    /// The complete stderr of the runner.
    pub stderr: String,
}

impl FinishedRun {
    /// Returns whether the runner exited with 0.
    #[must_use]
    pub fn has_succeeded(&self) -> bool {
        self.exit == Exit::Code(0)
    }
}

/// The report of a runner with `--json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigratorReport {
    /// The reverted scripts, and then the applied scripts.
    pub done: Vec<Done>,
    /// The error if the run failed.
    pub error: Option<String>,
}

/// The document as it is printed.
#[derive(Deserialize)]
struct JsonReport {
    applied: Vec<Done>,
    reverted: Vec<Done>,
    error: Option<String>,
}

/// A script that was reported as applied or reverted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Done {
    /// The script.
    #[serde(flatten)]
    pub script: ScriptId,
    /// The direction in which the script ran.
    pub direction: Direction,
}

impl MigratorReport {
    fn parse(stdout: &str) -> Option<Self> {
        let document: JsonReport = serde_json::from_str(stdout).ok()?;
        let done = document.reverted.into_iter().chain(document.applied).collect();
        Some(Self { done, error: document.error })
    }
}

/// Counts the reports of each script, by direction.
pub fn count<'d>(done: impl IntoIterator<Item = &'d Done>) -> BTreeMap<&'d Done, usize> {
    let mut counts = BTreeMap::new();
    for done in done {
        *counts.entry(done).or_default() += 1;
    }
    counts
}
