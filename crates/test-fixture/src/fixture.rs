//! Starts the migrator of a fixture project.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use test_support::clear_environment;
use tokio::process::Command;

use crate::{ProcessOutput, RunningProcess};

/// The argument that prevents a lock timeout of a statement that waits at a [`Gate`](crate::Gate).
pub const LONG_LOCK_TIMEOUT: &str = "--lock-timeout=1h";

/// A migrator that a test configures and starts.
#[derive(Debug, Clone)]
pub struct Fixture {
    project: String,
    variables: Vec<(String, String)>,
    folder: PathBuf,
    /// A program, with its arguments, that runs the migrator in a process group of its own.
    wrapper: Vec<String>,
}

impl Fixture {
    /// Returns the migrator of the named project, for the given database. `src/migrator/projects.rs` lists the
    /// projects.
    #[must_use]
    pub fn new(project: &str, url: &str) -> Self {
        Self::without_database(project).variable("DATABASE_URL", url)
    }

    /// Returns the migrator of the named project, with an empty environment.
    #[must_use]
    pub fn without_database(project: &str) -> Self {
        // No folder above the temporary folder has a `.env` file.
        let folder = std::env::temp_dir();
        Self { project: project.to_owned(), variables: Vec::new(), folder, wrapper: Vec::new() }
    }

    /// Adds a variable to the environment of the migrator.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the directory in which the migrator runs.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self
    }

    /// Starts the migrator through another program, such as `timeout 1h`. The command line of the migrator is appended to
    /// `wrapper`. Both processes are in a new process group.
    #[must_use]
    pub fn by<'a>(mut self, wrapper: impl IntoIterator<Item = &'a str>) -> Self {
        self.wrapper = wrapper.into_iter().map(str::to_owned).collect();
        self
    }

    /// Returns the path of the migrator: the example `<package>-fixture` of the package whose tests are running.
    ///
    /// # Panics
    /// Panics if the tests do not run in cargo, or if cargo has not built the program.
    #[must_use]
    pub fn program() -> PathBuf {
        let package = std::env::var("CARGO_PKG_NAME");
        let package = package.expect("cargo, which runs the tests, sets CARGO_PKG_NAME");
        let test = std::env::current_exe().expect("this program");
        let profile = test.ancestors().nth(2).expect("the test is in target/<profile>/deps");
        let program = profile.join(format!("examples/{package}-fixture"));
        // `cargo test --test it` does not build the examples of the package.
        let hint = "`cargo test` without `--test` builds it";
        assert!(program.exists(), "there is no {}\nhint: {hint}", program.display());
        program
    }

    /// Starts the migrator.
    ///
    /// # Panics
    /// Panics if the migrator cannot be started.
    pub fn start<'a>(&self, args: impl AsRef<[&'a str]>) -> RunningProcess {
        let args = args.as_ref();
        let mut command = match &self.wrapper[..] {
            [] => Command::new(Self::program()),
            [program, wrapper_args @ ..] => {
                let mut command = Command::new(program);
                command.process_group(0).args(wrapper_args).arg(Self::program());
                command
            }
        };
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
        RunningProcess::new(args.join(" "), command.spawn().expect("the fixture starts"))
    }

    /// Runs the migrator, and waits until it ends.
    pub async fn run<'a>(&self, args: impl AsRef<[&'a str]>) -> ProcessOutput {
        self.start(args).wait_with_output().await
    }
}
