//! The programs that replace the process of `seedbed`: cargo, the project's `migrator`, psql and scripts.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::cli_error::CliError;
use crate::workspace::Workspace;

/// The packages and features that `seedbed` and `migrator` are built with, here and in `scripts/build.sh`. All commands
/// use the same ones: if two builds alternated with different ones, cargo would link the engine again each time.
const BUILD_ARGUMENTS: [&str; 6] =
    ["--package", "rds", "--package", "seedbed-cli", "--features", "rds/dynamic_linking"];

/// The packages and features on musl, which has no shared Rust libraries.
const BUILD_ARGUMENTS_ON_MUSL: [&str; 4] = ["--package", "rds", "--package", "seedbed-cli"];

/// Returns the command for a subcommand of cargo at the root of the checkout. In CI, it fails if it would have to change
/// Cargo.lock.
pub(crate) fn cargo(workspace: &Workspace, subcommand: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(subcommand).current_dir(workspace.root());
    if env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        cargo.arg("--locked");
    }
    cargo
}

/// Builds the project's `migrator`.
///
/// # Errors
/// Fails if the migrator does not compile. Cargo has printed the reason.
pub(crate) fn build_migrator(workspace: &Workspace) -> anyhow::Result<()> {
    let mut build = cargo(workspace, "build");
    let arguments: &[&str] =
        if cfg!(target_env = "musl") { &BUILD_ARGUMENTS_ON_MUSL } else { &BUILD_ARGUMENTS };
    build.arg("--quiet").args(arguments).args(["--bin", "migrator"]);
    let status = build.status().context("failed to run cargo")?;
    if status.success() {
        return Ok(());
    }
    Err(CliError::failure(
        "the migrator does not compile",
        "fix the errors that cargo printed above",
    ))
}

/// Returns the path of the project's `migrator`, which cargo puts beside this program.
pub(crate) fn migrator() -> anyhow::Result<PathBuf> {
    let this = env::current_exe().context("failed to find the path of `seedbed` itself")?;
    Ok(this.with_file_name(format!("migrator{}", env::consts::EXE_SUFFIX)))
}

/// Replaces this process by the program, which then receives Ctrl-C, owns the terminal and sets the exit code.
///
/// # Errors
/// Returns only if the program cannot be run.
pub(crate) fn exec(command: &mut Command) -> anyhow::Result<()> {
    let error = command.exec();
    let program = command.get_program().display().to_string();
    Err(error).with_context(|| format!("failed to run `{program}`"))
}
