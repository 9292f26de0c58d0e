//! The programs that replace the process of `seedbed`: cargo, the project's `migrator`, psql and scripts.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::cli_error::CliError;
use crate::workspace::Workspace;

/// The packages that every build selects, here and in `scripts/build.sh`. All commands select the same packages,
/// because if builds alternated between different selections, cargo would link the engine again each time.
const PACKAGES: [&str; 4] = ["--package", "rds", "--package", "seedbed-cli"];

/// The two builds of the project's migrator. Cargo keeps both, so that alternating between them compiles nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MigratorBuild {
    /// The program with all scripts.
    WithSeeds,
    /// The program without the seeds and without the entities, for the commands that need only the migrations.
    WithoutSeeds,
}

impl MigratorBuild {
    /// Returns the name of the program.
    const fn program(self) -> &'static str {
        match self {
            Self::WithSeeds => "migrator",
            Self::WithoutSeeds => "migrator-without-seeds",
        }
    }

    /// Returns the features that the program is built with. On musl, there are no shared Rust libraries.
    const fn features(self) -> &'static [&'static str] {
        match (self, cfg!(target_env = "musl")) {
            (Self::WithSeeds, false) => &["--features", "rds/dynamic_linking"],
            (Self::WithSeeds, true) => &[],
            (Self::WithoutSeeds, false) => {
                &["--no-default-features", "--features", "rds/migrator,rds/dynamic_linking"]
            }
            (Self::WithoutSeeds, true) => &["--no-default-features", "--features", "rds/migrator"],
        }
    }
}

/// Returns the command for a subcommand of cargo at the root of the checkout. In CI, the command fails if it would
/// change Cargo.lock.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(subcommand).current_dir(workspace.root());
    if env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        cargo.arg("--locked");
    }
    cargo
}

/// Builds the project's migrator.
///
/// # Errors
/// Fails if the migrator does not compile. Cargo has printed the reason.
pub(crate) fn build(workspace: &Workspace, migrator: MigratorBuild) -> anyhow::Result<()> {
    let mut build = cargo(workspace, "build");
    build.arg("--quiet").args(PACKAGES).args(migrator.features());
    let status = build.args(["--bin", migrator.program()]).status();
    if status.context("failed to run cargo")?.success() {
        return Ok(());
    }
    Err(CliError::failure(
        "failed to compile the migrator",
        "fix the errors that cargo printed above",
    ))
}

/// Returns the path of the project's migrator, which cargo puts beside this program.
pub(crate) fn path(migrator: MigratorBuild) -> anyhow::Result<PathBuf> {
    let this = env::current_exe().context("failed to find the path of `seedbed` itself")?;
    Ok(this.with_file_name(format!("{}{}", migrator.program(), env::consts::EXE_SUFFIX)))
}

/// Replaces this process with the program, which then receives Ctrl-C, owns the terminal and sets the exit code.
///
/// # Errors
/// Returns only if the program cannot be run.
pub(crate) fn exec(command: &mut Command) -> anyhow::Result<()> {
    let error = command.exec();
    let program = command.get_program().display().to_string();
    Err(error).with_context(|| format!("failed to run `{program}`"))
}
