//! From an edit of a script to its being applied, in debug builds of generated projects.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::generate::Generated;
use crate::{Bench, median, time};

/// Measures projects of 100 and of 1,000 scripts; with `--cold` builds each from nothing first.
pub(crate) fn run(bench: &Bench<'_>) -> anyhow::Result<String> {
    let workspace = std::env::current_dir().context("could not find the workspace")?;
    ensure!(workspace.join("crates/bench").is_dir(), "run it in the workspace: `make bench`");
    let scratch = workspace.join("target/bench-projects");
    let cold = if bench.args.cold { "build from nothing" } else { "first build" };
    let mut table = format!(
        "| scripts | {cold}, s | edit to applied, ms | cargo with nothing to build, ms |\n\
         | ---: | ---: | ---: | ---: |\n"
    );
    for count in [100, 1000] {
        let project = Generated::write(&workspace, &scratch.join(count.to_string()), count)?;
        let target = project.folder.join("target");
        if bench.args.cold && target.exists() {
            std::fs::remove_dir_all(&target).context("could not remove the last build")?;
        }
        let begun = Instant::now();
        time(cargo(&project.folder, "build"))?;
        let built = begun.elapsed().as_secs_f64();
        let (edited, idle) = measure(bench, &project, count)?;
        table += &format!("| {count} | {built:.1} | {edited:.0} | {idle:.0} |\n");
    }
    Ok(table)
}

/// From an edit to its being applied, and how long cargo takes when there is nothing to build: medians
/// in milliseconds.
fn measure(bench: &Bench<'_>, project: &Generated, count: u32) -> anyhow::Result<(f64, f64)> {
    let database = "seedbed_bench";
    bench.admin(&format!("DROP DATABASE IF EXISTS {database}"))?;
    bench.admin(&format!("CREATE DATABASE {database}"))?;
    let url = bench.url(database);
    let migrator = |command: &str| {
        let mut cargo = cargo(&project.folder, "run");
        cargo.arg("--").arg(command).env("DATABASE_URL", &url);
        cargo
    };
    time(migrator("migrate-up"))?;
    let mut edited = Vec::new();
    let mut idle = Vec::new();
    for round in 0..=bench.args.rounds {
        time(migrator("migrate-down"))?;
        project.edit(count, round)?;
        let edit = time(migrator("migrate-up"))?;
        let nothing = time(cargo(&project.folder, "build"))?;
        // The first round warms caches.
        if round > 0 {
            edited.push(edit);
            idle.push(nothing);
        }
    }
    let ms = |times: Vec<Duration>| median(times).as_secs_f64() * 1000.0;
    Ok((ms(edited), ms(idle)))
}

/// `cargo run` and `cargo build`, as `make` has them.
fn cargo(folder: &Path, what: &str) -> Command {
    let mut command = Command::new("cargo");
    // Offline: the lock file is that of the workspace, without what this project does not need.
    command.args([what, "--quiet", "--offline", "--package", "rds", "--bin", "migrator"]);
    command.args(["--features", "dynamic"]).current_dir(folder);
    for variable in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(variable);
    }
    command
}
