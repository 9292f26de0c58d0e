//! Generates a project with any number of scripts.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bench::script_name;

/// A project in a separate folder: the package `rds` of this workspace with generated scripts.
pub(crate) struct GeneratedProject {
    pub(crate) folder: PathBuf,
    newest_script: PathBuf,
}

/// The files of `rds` that are copied without changes.
const COPIED_FILES: [&str; 5] =
    ["Cargo.toml", "build.rs", "src/lib.rs", "src/scripts.rs", "src/bin/migrator.rs"];

impl GeneratedProject {
    /// Writes the project. An earlier project in the folder is overwritten, but its build is kept.
    pub(crate) fn write(workspace: &Path, folder: &Path, count: u32) -> anyhow::Result<Self> {
        let package = folder.join("rds");
        let migrations = package.join("src/migrations");
        if migrations.exists() {
            fs::remove_dir_all(&migrations).context("failed to remove the old migrations")?;
        }
        for folder in [&migrations, &package.join("src/seeds"), &package.join("src/bin")] {
            fs::create_dir_all(folder).context("failed to create the folders of the project")?;
        }
        write_file(&folder.join("Cargo.toml"), &manifest(workspace)?)?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
            .context("failed to copy Cargo.lock")?;
        for file in COPIED_FILES {
            fs::copy(workspace.join("apps/backend/tools/rds").join(file), package.join(file))
                .with_context(|| format!("failed to copy `{file}` of rds"))?;
        }
        for n in 0..count {
            write_file(&migrations.join(format!("{}.rs", script_name(n))), &script(n, "name"))?;
        }
        let newest_script = migrations.join(format!("{}.rs", script_name(count - 1)));
        Ok(Self { folder: folder.to_owned(), newest_script })
    }

    /// Edits the newest script: renames the column of its table.
    pub(crate) fn edit(&self, count: u32, round: usize) -> anyhow::Result<()> {
        write_file(&self.newest_script, &script(count - 1, &format!("name_{round}")))
    }
}

fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("failed to write `{}`", path.display()))
}

/// Returns the source of the n-th script, whose table has a column with the given name.
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

/// Returns the manifest of this workspace with `rds` as the only member, and with absolute paths to the crates.
fn manifest(workspace: &Path) -> anyhow::Result<String> {
    let root =
        fs::read_to_string(workspace.join("Cargo.toml")).context("failed to read Cargo.toml")?;
    let mut text = String::with_capacity(root.len());
    for line in root.lines() {
        if line.starts_with("members = ") {
            text.push_str("members = [\"rds\"]");
        } else {
            let absolute = format!("path = \"{}/", workspace.display());
            text.push_str(&line.replace("path = \"", &absolute));
        }
        text.push('\n');
    }
    Ok(text)
}
