//! Writes a project of N scripts, to measure what a developer waits for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bench::script_name;

/// A project in a folder of its own: the package `rds` of this workspace with other scripts.
pub(crate) struct Generated {
    pub(crate) folder: PathBuf,
    newest: PathBuf,
}

/// What of `rds` is taken as it is.
const FILES: [&str; 5] =
    ["Cargo.toml", "build.rs", "src/lib.rs", "src/scripts.rs", "src/bin/migrator.rs"];

impl Generated {
    /// Writes the project, if need be over the one that is there.
    pub(crate) fn write(workspace: &Path, folder: &Path, count: u32) -> anyhow::Result<Self> {
        let package = folder.join("rds");
        let migrations = package.join("src/migrations");
        if migrations.exists() {
            fs::remove_dir_all(&migrations).context("could not empty the folder of migrations")?;
        }
        for folder in [&migrations, &package.join("src/seeds"), &package.join("src/bin")] {
            fs::create_dir_all(folder).context("could not make the folders of the project")?;
        }
        put(&folder.join("Cargo.toml"), &manifest(workspace)?)?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
            .context("could not copy Cargo.lock")?;
        for file in FILES {
            fs::copy(workspace.join("apps/backend/tools/rds").join(file), package.join(file))
                .with_context(|| format!("could not copy {file} of rds"))?;
        }
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

/// The manifest of this workspace, which knows where its crates are, with one member.
fn manifest(workspace: &Path) -> anyhow::Result<String> {
    let root =
        fs::read_to_string(workspace.join("Cargo.toml")).context("could not read Cargo.toml")?;
    let mut text = String::with_capacity(root.len());
    for line in root.lines() {
        if line.starts_with("members = ") {
            text.push_str("members = [\"rds\"]");
        } else {
            let crates = format!("path = \"{}/", workspace.display());
            text.push_str(&line.replace("path = \"", &crates));
        }
        text.push('\n');
    }
    Ok(text)
}
