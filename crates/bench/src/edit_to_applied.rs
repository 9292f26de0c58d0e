//! Measures the time from an edit of a script until it is applied, in debug builds of generated projects.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::generated_project::GeneratedProject;
use crate::harness::{DATABASE, Harness, median, time};

/// Measures projects of 100 and of 1,000 scripts, and returns the table. With `--cold`, first builds each project from
/// an empty target folder.
pub(crate) fn run(harness: &Harness<'_>) -> anyhow::Result<String> {
    let workspace = std::env::current_dir().context("failed to find the workspace")?;
    ensure!(
        workspace.join("crates/bench").is_dir(),
        "the working directory is not the workspace; run `make bench`"
    );
    let scratch_dir = workspace.join("target/bench-projects");
    let build = if harness.args.cold { "build from nothing" } else { "first build" };
    let mut table = format!(
        "| scripts | {build}, s | edit to applied, ms | cargo with nothing to build, ms |\n\
         | ---: | ---: | ---: | ---: |\n"
    );
    for count in [100, 1000] {
        let project =
            GeneratedProject::write(&workspace, &scratch_dir.join(count.to_string()), count)?;
        let target = project.folder.join("target");
        if harness.args.cold && target.exists() {
            std::fs::remove_dir_all(&target).context("failed to remove the previous build")?;
        }
        let started_at = Instant::now();
        time(cargo(&project.folder, "build"))?;
        let build_time = started_at.elapsed().as_secs_f64();
        let (edit_time, idle_time) = measure(harness, &project, count)?;
        table += &format!("| {count} | {build_time:.1} | {edit_time:.0} | {idle_time:.0} |\n");
    }
    Ok(table)
}

/// Returns the medians, in milliseconds, of the time from an edit until it is applied, and of the time that cargo takes
/// if there is nothing to build.
fn measure(
    harness: &Harness<'_>,
    project: &GeneratedProject,
    count: u32,
) -> anyhow::Result<(f64, f64)> {
    harness.recreate_database()?;
    let url = harness.url(DATABASE);
    let migrator = |command: &str| {
        let mut cargo = cargo(&project.folder, "run");
        cargo.arg("--").arg(command).env("DATABASE_URL", &url);
        cargo
    };
    time(migrator("migrate-up"))?;
    let mut edit_times = Vec::new();
    let mut idle_times = Vec::new();
    for round in 0..=harness.args.rounds {
        time(migrator("migrate-down"))?;
        project.edit(count, round)?;
        let edit_time = time(migrator("migrate-up"))?;
        let idle_time = time(cargo(&project.folder, "build"))?;
        // The first round warms the caches.
        if round > 0 {
            edit_times.push(edit_time);
            idle_times.push(idle_time);
        }
    }
    let ms = |times: Vec<Duration>| median(times).as_secs_f64() * 1000.0;
    Ok((ms(edit_times), ms(idle_times)))
}

/// Returns `cargo run` or `cargo build` with the arguments that `make` uses.
fn cargo(folder: &Path, subcommand: &str) -> Command {
    let mut command = Command::new("cargo");
    // Cargo adapts the copied lock file of the workspace to this project, for which it needs no network.
    command.args([subcommand, "--quiet", "--offline", "--package", "rds", "--bin", "migrator"]);
    command.args(["--features", "dynamic_linking"]).current_dir(folder);
    for variable in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(variable);
    }
    command
}
