//! Measures the processor time of the first build. Compares the build of `make fresh-start` from an empty target folder
//! with that of a migration program from the template of sea-orm-cli.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::harness::median;

/// The version of `sea-orm-migration` in the template, and of `sea-orm-cli`.
const VERSION: &str = "2.0.4";

/// Builds the contenders in turn, `rounds` times, and returns the table of the medians, since the processor time of the
/// same build varies by a tenth. An earlier build must have downloaded all crates.
pub(crate) fn run(rounds: usize, with_sea_orm_cli: bool) -> anyhow::Result<String> {
    let workspace = std::env::current_dir().context("failed to find the workspace")?;
    ensure!(
        workspace.join("crates/bench").is_dir(),
        "the working directory is not the workspace; run `make bench`"
    );
    let scratch_dir = workspace.join("target/bench-first-build");
    let template = write_template(&workspace, &scratch_dir.join("template"))?;
    let build_command = "cargo build --package rds --package seedbed-cli --features rds/dynamic_linking --bin seedbed --bin migrator";
    let mut contenders = vec![
        ("a migration program by the template of sea-orm-cli", template, "cargo build".to_owned()),
        ("`seedbed` and `migrator`", workspace.clone(), build_command.to_owned()),
    ];
    if with_sea_orm_cli {
        let install = format!("cargo install sea-orm-cli --version {VERSION} --root .");
        contenders.push((
            "`cargo install sea-orm-cli`, which that team runs too",
            scratch_dir.clone(),
            install,
        ));
    }
    let target = scratch_dir.join("build");
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..rounds {
        for (times, (_, folder, command)) in times.iter_mut().zip(&contenders) {
            if target.exists() {
                fs::remove_dir_all(&target).context("failed to remove the previous build")?;
            }
            times.push(Duration::from_secs_f64(processor_time(folder, &target, command)?));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(|times| median(times).as_secs_f64()).collect();
    let mut table =
        "| contender | processor time, s | times the first |\n| --- | ---: | ---: |\n".to_owned();
    for ((name, ..), seconds) in contenders.iter().zip(&medians) {
        table += &format!("| {name} | {seconds:.0} | {:.2} |\n", seconds / medians[0]);
    }
    Ok(table)
}

/// Writes a migration program from the template of sea-orm-cli, with the same drivers as Seedbed's migrator and as many
/// migrations as the sample application.
fn write_template(workspace: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let migrations = fs::read_dir(workspace.join("apps/backend/tools/rds/src/migrations"))
        .context("failed to list the migrations")?
        .count();
    let names: Vec<String> =
        (1..=migrations).map(|n| format!("m20220101_{n:06}_create_table_{n}")).collect();
    let modules: String = names.iter().map(|name| format!("mod {name};\n")).collect();
    let list: String = names.iter().map(|name| format!("Box::new({name}::Migration), ")).collect();
    fs::create_dir_all(folder.join("src"))
        .context("failed to create the folder of the template")?;
    let write = |file: &str, text: &str| {
        fs::write(folder.join(file), text).with_context(|| format!("failed to write `{file}`"))
    };
    write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"migration\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"rt-multi-thread\"] }}\n\
             sea-orm-migration = {{ version = \"{VERSION}\", features = [\"runtime-tokio-rustls\", \"sqlx-postgres\"] }}\n\n\
             [workspace]\n"
        ),
    )?;
    write(
        "src/lib.rs",
        &format!(
            "pub use sea_orm_migration::prelude::*;\n{modules}\npub struct Migrator;\n\n\
             #[async_trait::async_trait]\nimpl MigratorTrait for Migrator {{\n    \
             fn migrations() -> Vec<Box<dyn MigrationTrait>> {{\n        vec![{list}]\n    }}\n}}\n"
        ),
    )?;
    write(
        "src/main.rs",
        "use sea_orm_migration::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    \
         cli::run_cli(migration::Migrator).await;\n}\n",
    )?;
    for (n, name) in names.iter().enumerate() {
        write(&format!("src/{name}.rs"), &migration(n))?;
    }
    // The lock file gives both contenders the same versions of the crates that they share.
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
        .context("failed to copy Cargo.lock")?;
    Ok(folder.to_owned())
}

/// Returns the source of a migration in the format of SeaORM.
fn migration(n: usize) -> String {
    format!(
        "use sea_orm_migration::{{prelude::*, schema::*}};\n\n#[derive(DeriveMigrationName)]\npub struct Migration;\n\n\
         #[async_trait::async_trait]\nimpl MigrationTrait for Migration {{\n    \
         async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{\n        \
         manager.create_table(Table::create().table(\"table_{n}\").col(pk_auto(\"id\")).col(string(\"title\")).to_owned()).await\n    \
         }}\n\n    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{\n        \
         manager.drop_table(Table::drop().table(\"table_{n}\").to_owned()).await\n    }}\n}}\n"
    )
}

/// Returns the processor time, user and system, that the command and its children take, in seconds.
pub(crate) fn processor_time(folder: &Path, target: &Path, command: &str) -> anyhow::Result<f64> {
    // The standard library cannot measure the processor time of a child, but bash can. The output of the command goes to
    // stdout, so that stderr has only the times.
    let script = format!("TIMEFORMAT='%U %S'; time {command} --quiet 2>&1");
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).current_dir(folder).env("CARGO_TARGET_DIR", target);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CI"] {
        bash.env_remove(variable);
    }
    let output = bash.output().context("failed to run bash")?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "`{command}` failed in {}: {stdout}", folder.display());
    let times = String::from_utf8_lossy(&output.stderr);
    let times = times.lines().last().unwrap_or_default().split_whitespace();
    let seconds = times.map(|time| time.parse::<f64>().context("bash printed no times"));
    seconds.sum()
}
