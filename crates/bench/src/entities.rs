//! Measures the processor time of checking entities: those of Seedbed, and those of sea-orm-cli in each of its formats,
//! for the same tables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use seedbed_entities::{EntityWarning, write};
use seedbed_schema::DatabaseSchema;

use crate::first_build::processor_time;
use crate::harness::{DATABASE, Harness, time};

/// The numbers of tables.
const SIZES: [usize; 4] = [5, 26, 60, 139];
/// The number of rounds. The table has the shortest time of each contender, which other work disturbed least.
const ROUNDS: usize = 3;
/// The names of sea-orm-cli's formats.
const FORMATS: [&str; 3] = ["compact", "expanded", "dense"];

/// The shape of the references between the tables.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// Each table refers to the previous one.
    Chain,
    /// All tables refer to the first one.
    Star,
}

/// Measures the check of each contender's entities for each schema, in turn, and returns the table. Without a `sea-orm-cli`
/// on the PATH, the table has only the entities of Seedbed.
pub(crate) fn run(harness: &Harness<'_>) -> anyhow::Result<String> {
    let workspace = std::env::current_dir().context("failed to find the workspace")?;
    let scratch_dir = workspace.join("target/bench-entities");
    let has_cli = Command::new("sea-orm-cli").arg("--version").output().is_ok();
    let formats: &[&str] = if has_cli { &FORMATS } else { &[] };
    let mut table = header(formats);
    for shape in [Shape::Chain, Shape::Star] {
        for size in SIZES {
            let sql = harness.write_sql("entities.sql", &shape.sql(size))?;
            harness.recreate_database()?;
            let url = harness.url(DATABASE);
            time(harness.psql(&url, &["-f", &sql.to_string_lossy()]))?;
            let folder = write_crate(&workspace, &scratch_dir.join("ours"))?;
            write_with_seedbed(&harness.read_schema(DATABASE)?, &folder)?;
            let mut crates = vec![folder];
            for format in formats {
                let folder = write_crate(&workspace, &scratch_dir.join(format))?;
                write_with_sea_orm_cli(&url, format, &folder)?;
                crates.push(folder);
            }
            let times = measure(&crates, &scratch_dir.join("build"), ROUNDS)?;
            table += &row(shape, size, &times);
        }
    }
    Ok(table)
}

/// Returns the header of the table.
fn header(formats: &[&str]) -> String {
    let mut titles = vec!["tables".to_owned(), "ours, s".to_owned(), "ours, s a table".to_owned()];
    titles.extend(formats.iter().map(|format| format!("sea-orm-cli {format}, s")));
    if !formats.is_empty() {
        titles.push("ours to compact".to_owned());
    }
    let line = titles.iter().skip(1).map(|_| " ---: |").collect::<String>();
    format!("| {} |\n| --- |{line}\n", titles.join(" | "))
}

/// Returns a row of the table. A crate that does not compile has no time.
fn row(shape: Shape, size: usize, times: &[Option<f64>]) -> String {
    let seconds =
        |time: &Option<f64>| time.map_or("does not compile".to_owned(), |s| format!("{s:.1}"));
    let [ours, theirs @ ..] = times else { return String::new() };
    #[expect(clippy::cast_precision_loss, reason = "there are few tables")]
    let each = ours.map_or_else(String::new, |ours| format!("{:.2}", ours / size as f64));
    let mut cells = vec![format!("{shape:?} of {size}"), seconds(ours), each];
    cells.extend(theirs.iter().map(seconds));
    if let (Some(ours), Some(Some(compact))) = (ours, theirs.first()) {
        cells.push(format!("{:.2}", ours / compact));
    }
    format!("| {} |\n", cells.join(" | "))
}

/// Returns the shortest processor time of checking each crate, without its dependencies. `None` means that the crate does not
/// compile.
pub(crate) fn measure(
    crates: &[PathBuf],
    target: &Path,
    rounds: usize,
) -> anyhow::Result<Vec<Option<f64>>> {
    const CHECK: &str = "cargo check --offline";
    let mut times: Vec<Option<f64>> = vec![None; crates.len()];
    for round in 0..=rounds {
        for (folder, shortest) in crates.iter().zip(&mut times) {
            // A newer `lib.rs` makes cargo check the crate again.
            let lib = folder.join("src/lib.rs");
            let text = fs::read_to_string(&lib).context("failed to read `lib.rs`")?;
            fs::write(&lib, text).context("failed to write `lib.rs`")?;
            // The first round also builds the dependencies, so it does not count.
            let seconds = processor_time(folder, target, CHECK);
            if round == 0 {
                continue;
            }
            *shortest = match (seconds, *shortest) {
                (Ok(seconds), Some(known)) => Some(seconds.min(known)),
                (Ok(seconds), None) => Some(seconds),
                (Err(_), known) => known,
            };
        }
    }
    Ok(times)
}

impl Shape {
    /// Returns the statements for tables like those of an application, each with ten columns of six types and a foreign
    /// key.
    fn sql(self, size: usize) -> String {
        let tables = (0..size).map(|number| {
            let target = match self {
                Self::Chain => number.checked_sub(1),
                Self::Star => (number > 0).then_some(0),
            };
            let key = target.map(|target| {
                format!(",\n    item_{target:03}_id uuid NOT NULL REFERENCES items_{target:03} ON DELETE CASCADE")
            });
            format!(
                "CREATE TABLE items_{number:03} (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n    \
                 name text NOT NULL,\n    slug varchar(80) UNIQUE,\n    amount numeric(10,2) NOT NULL,\n    \
                 count integer NOT NULL DEFAULT 0,\n    active boolean NOT NULL DEFAULT true,\n    data jsonb,\n    \
                 created_at timestamptz NOT NULL DEFAULT now(),\n    \
                 updated_at timestamptz NOT NULL DEFAULT now(){}\n);\n",
                key.unwrap_or_default()
            )
        });
        tables.collect()
    }
}

/// Writes a crate without entities, with the dependencies of the sample application's entities.
pub(crate) fn write_crate(workspace: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).context("failed to remove the previous crate")?;
    }
    fs::create_dir_all(folder.join("src/tables")).context("failed to create the crate")?;
    let manifest = fs::read_to_string(workspace.join("Cargo.toml"))
        .context("failed to read the manifest of the workspace")?;
    let sea_orm = manifest.lines().find(|line| line.starts_with("sea-orm = "));
    let sea_orm = sea_orm.context("the workspace has no SeaORM")?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let manifest = format!(
        "[package]\nname = \"entities-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{sea_orm}\n\n[workspace]\n\n[profile.dev]\nincremental = false\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).context("failed to write a manifest")?;
    fs::write(folder.join("src/lib.rs"), "pub mod tables;\n")
        .context("failed to write `lib.rs`")?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))
        .context("failed to copy Cargo.lock")?;
    Ok(folder.to_owned())
}

/// Writes the entities of a schema into a crate, and returns the warnings.
pub(crate) fn write_with_seedbed(
    schema: &DatabaseSchema,
    folder: &Path,
) -> anyhow::Result<Vec<EntityWarning>> {
    let generated = write(schema, &seedbed_config::EntityOptions::default(), &BTreeMap::new())?;
    for file in generated.files {
        let path = folder.join("src/tables").join(file.name);
        fs::write(&path, file.text)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(generated.warnings)
}

fn write_with_sea_orm_cli(url: &str, format: &str, folder: &Path) -> anyhow::Result<()> {
    let output = Command::new("sea-orm-cli")
        .args(["generate", "entity", "--entity-format", format, "--database-url", url])
        .arg("--output-dir")
        .arg(folder.join("src/tables"))
        .output()
        .context("failed to run sea-orm-cli")?;
    let message = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "sea-orm-cli failed: {message}");
    Ok(())
}
