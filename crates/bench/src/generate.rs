//! Writes a project of N scripts, to measure what a developer waits for.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bench::script_name;

/// A project in a folder of its own, with the profiles of this workspace and its crates.
pub(crate) struct Generated {
    pub(crate) folder: PathBuf,
    newest: PathBuf,
}

impl Generated {
    /// Writes the project, if need be over the one that is there.
    pub(crate) fn write(workspace: &Path, folder: &Path, count: u32) -> anyhow::Result<Self> {
        let migrations = folder.join("src/migrations");
        if migrations.exists() {
            fs::remove_dir_all(&migrations).context("could not empty the folder of migrations")?;
        }
        for folder in [&migrations, &folder.join("src/seeds")] {
            fs::create_dir_all(folder).context("could not make the folders of the project")?;
        }
        put(&folder.join("Cargo.toml"), &manifest(workspace)?)?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
            .context("could not copy Cargo.lock")?;
        put(&folder.join("build.rs"), "fn main() {\n    seedbed_files::build();\n}\n")?;
        put(&folder.join("src/lib.rs"), LIB)?;
        put(&folder.join("src/main.rs"), MAIN)?;
        for n in 0..count {
            put(&migrations.join(format!("{}.rs", script_name(n))), &script(n, "name"))?;
        }
        let newest = migrations.join(format!("{}.rs", script_name(count - 1)));
        Ok(Self { folder: folder.to_owned(), newest })
    }

    /// Edits the newest script: its column gets another name.
    pub(crate) fn edit(&self, count: u32, round: usize) -> anyhow::Result<()> {
        put(&self.newest, &script(count - 1, &format!("name_{round}")))
    }
}

fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("could not write {}", path.display()))
}

fn script(n: u32, column: &str) -> String {
    let name = script_name(n);
    format!(
        r#"//! Table {n}, with an index.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {{
    schema
        .create_table(
            Table::create()
                .table("{name}")
                .col(big_integer("id").primary_key())
                .col(text("{column}"))
                .col(created_at())
                .col(updated_at()),
        )
        .await?;
    schema.add_index(index("{name}", ["{column}"])).await
}}

pub async fn down(schema: &Schema<'_>) -> Result {{
    schema.drop_table("{name}").await
}}
"#
    )
}

const LIB: &str = r#"use seedbed_dylib as _;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

pub mod prelude {
    pub use seedbed_cli::engine::prelude::*;
}

pub fn project() -> seedbed_cli::engine::Project {
    seedbed_cli::engine::Project { migrations: MIGRATIONS, seeds: SEEDS }
}
"#;

const MAIN: &str = "fn main() -> std::process::ExitCode {\n    \
                    seedbed_cli::main(&generated::project())\n}\n";

/// The manifest, with the profiles of the workspace as they are.
fn manifest(workspace: &Path) -> anyhow::Result<String> {
    let root =
        fs::read_to_string(workspace.join("Cargo.toml")).context("could not read Cargo.toml")?;
    let crates = workspace.join("crates");
    let mut text = format!(
        "[package]\nname = \"generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nseedbed-cli.path = {:?}\nseedbed-dylib.path = {:?}\n\n[build-dependencies]\nseedbed-files.path = {:?}\n",
        crates.join("seedbed-cli"),
        crates.join("seedbed-dylib"),
        crates.join("seedbed-files"),
    );
    let mut copying = false;
    for line in root.lines() {
        if line.starts_with('[') {
            copying = line.starts_with("[profile.");
        }
        if copying {
            writeln!(text, "{line}")?;
        }
    }
    Ok(text)
}
