//! The `migrator` of a fixture project, as a process.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use test_support::{Deadline, clear_environment, patience};

use super::in_time;

/// A command line that is about to be started.
///
/// ```ignore
/// let finished = Fixture::new("plain", db.url()).run(["migrate-up"]).await;
/// finished.succeeded();
/// ```
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    project: String,
    variables: Vec<(String, String)>,
    folder: PathBuf,
}

impl Fixture {
    /// The project of that name in `src/projects/`, on that database.
    pub(crate) fn new(project: &str, url: &str) -> Self {
        Self::without_database(project).variable("DATABASE_URL", url)
    }

    /// The same with no variable at all.
    pub(crate) fn without_database(project: &str) -> Self {
        // No `.env` of a checkout above.
        let folder = std::env::temp_dir();
        Self { project: project.to_owned(), variables: Vec::new(), folder }
    }

    /// With another variable in its environment, which is empty otherwise.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// In that folder.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Starts it.
    pub(crate) fn start<'a>(&self, args: impl AsRef<[&'a str]>) -> Running {
        let args = args.as_ref();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fixture"));
        clear_environment(command.as_std_mut());
        command
            .args(args)
            .env("FIXTURE", &self.project)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the fixture starts");
        let stdout = Stream::new(child.stdout.take());
        let stderr = Stream::new(child.stderr.take());
        Running { what: args.join(" "), child, stdout, stderr }
    }

    /// Runs it to its end.
    pub(crate) async fn run<'a>(&self, args: impl AsRef<[&'a str]>) -> Finished {
        self.start(args).finished().await
    }
}

/// A process that runs; killed when dropped.
#[derive(Debug)]
pub(crate) struct Running {
    what: String,
    child: Child,
    stdout: Stream,
    stderr: Stream,
}

impl Running {
    /// Its process id.
    pub(crate) fn pid(&self) -> Pid {
        let id = self.child.id().expect("it has not been waited for");
        Pid::from_raw(id.cast_signed()).expect("an id is not 0")
    }

    /// Closes its stdout, as `| head -1` does.
    pub(crate) fn deaf(self) -> Self {
        self.stdout.reader.abort();
        self
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it runs");
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) async fn kill(mut self) {
        in_time("a killed process", self.child.kill()).await.expect("it can be killed");
    }

    /// Waits until it has said that on stderr.
    pub(crate) async fn says(&self, text: &str) {
        let deadline = Deadline::new();
        while !self.stderr.text().contains(text) {
            deadline.check(|| {
                let (stdout, stderr) = (self.stdout.text(), self.stderr.text());
                format!("{} never said {text:?}, but:\n{stdout}{stderr}", self.what)
            });
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What it has written on stderr so far.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Waits for its end.
    pub(crate) async fn finished(mut self) -> Finished {
        let what = format!("{}, which said so far:", self.what);
        let status = match tokio::time::timeout(patience(), self.child.wait()).await {
            Ok(status) => status.expect("it is our child"),
            Err(_) => panic!("{what}\n{}{}", self.stdout.text(), self.stderr.text()),
        };
        Finished {
            what: self.what,
            code: status.code(),
            stdout: self.stdout.all().await,
            stderr: self.stderr.all().await,
        }
    }
}

/// How a process ended.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    what: String,
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, code, stdout, stderr } = self;
        write!(f, "{what}: {code:?}\n--- stdout\n{stdout}--- stderr\n{stderr}---")
    }
}

impl Finished {
    /// It ended with 0.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        self.ended_with(0)
    }

    /// It ended with that code.
    #[track_caller]
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        assert!(!self.stderr.contains("error: panicked"), "{self}");
        assert!(!self.stderr.contains("stack backtrace"), "{self}");
        self
    }

    /// It said each of these on stderr.
    #[track_caller]
    pub(crate) fn said<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "no {text:?} on stderr: {self}");
        }
        self
    }

    /// It said none of these, on neither stream.
    #[track_caller]
    pub(crate) fn never_said<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            let said = self.stderr.contains(text) || self.stdout.contains(text);
            assert!(!said, "{text:?} was said: {self}");
        }
        self
    }

    /// It printed each of these on stdout.
    #[track_caller]
    pub(crate) fn printed<const N: usize>(self, texts: [&str; N]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "no {text:?} on stdout: {self}");
        }
        self
    }

    /// Its stdout as the one JSON document that it has to be.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        let document: serde_json::Value = match serde_json::from_str(&self.stdout) {
            Ok(document) => document,
            Err(error) => panic!("{error}: {self}"),
        };
        assert_eq!(document["version"], 1, "{self}");
        document
    }
}

/// One stream of a process, read as it comes, so that a full pipe never stops the process.
#[derive(Debug)]
struct Stream {
    read: Arc<Mutex<Vec<u8>>>,
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
                shared.lock().expect("nobody panics with it").extend(&buffer[..count]);
            }
        });
        Self { read, reader }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.read.lock().expect("nobody panics with it")).into_owned()
    }

    async fn all(self) -> String {
        let Self { read, reader } = self;
        // An error means that nobody wanted to read it.
        let _ = in_time("the end of its output", reader).await;
        String::from_utf8_lossy(&read.lock().expect("nobody panics with it")).into_owned()
    }
}
