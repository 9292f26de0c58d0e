//! The programs that `seedbed` becomes: cargo, the project's `migrator`, and what else knows its work better.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::output::Advice;
use crate::workspace::Workspace;

/// What `seedbed` and `migrator` are built with, here and in `scripts/build.sh`. One selection serves all commands: with another one cargo would link the
/// engine again each time that the two alternate.
const SELECTION: [&str; 6] =
    ["--package", "rds", "--package", "seedbed", "--features", "rds/dynamic"];

/// musl has no shared libraries of Rust.
const SELECTION_ON_MUSL: [&str; 4] = ["--package", "rds", "--package", "seedbed"];

/// Returns cargo, at the root of the checkout, with its subcommand. In CI a build that would have to change Cargo.lock
/// fails.
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
/// Fails if it does not compile. Cargo has printed why.
pub(crate) fn build_migrator(workspace: &Workspace) -> anyhow::Result<()> {
    let mut build = cargo(workspace, "build");
    let selection: &[&str] =
        if cfg!(target_env = "musl") { &SELECTION_ON_MUSL } else { &SELECTION };
    build.arg("--quiet").args(selection).args(["--bin", "migrator"]);
    let status = build.status().context("could not run cargo")?;
    if status.success() {
        return Ok(());
    }
    Err(Advice::failure("the migrator does not compile", "mend what cargo names above"))
}

/// Returns the project's `migrator`, which cargo puts beside this program.
pub(crate) fn migrator() -> anyhow::Result<PathBuf> {
    let this = env::current_exe().context("could not find this program")?;
    Ok(this.with_file_name(format!("migrator{}", env::consts::EXE_SUFFIX)))
}

/// Becomes that program, so that Ctrl-C, exit code and terminal are its own.
///
/// # Errors
/// Returns only if the program could not be run.
pub(crate) fn become_program(command: &mut Command) -> anyhow::Result<()> {
    let error = command.exec();
    let program = command.get_program().display().to_string();
    Err(error).with_context(|| format!("could not run {program}"))
}
