//! Takes large schemas of other projects through everything that Seedbed does with a schema.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use seedbed_schema::model::ObjectKind;
use seedbed_schema::{DatabaseSchema, diff, execute_sql_file};

use crate::entities::{measure, write_crate, write_with_seedbed};
use crate::harness::{DATABASE, Harness, time};

/// The database into which the written file is loaded.
const COPY: &str = "seedbed_bench_copy";

/// The generated files that are not entities.
const LISTS: [&str; 3] = ["enums.rs", "mod.rs", "prelude.rs"];

const HEADER: &str = "\
    | schema | tables | columns | lines of SQL | read and written, ms | loaded, ms | compared, ms | page and pictures, ms | entities | checked, s |\n\
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";

/// Loads each file with psql, writes the schema of the database as SQL, loads this SQL into a second database, and compares
/// both. Writes the page, the diagrams and the entities, and checks the entities. Prints every warning, because a person has
/// to judge whether it is true.
///
/// # Errors
/// Fails after the last file if a step failed for any of them.
pub(crate) fn run(harness: &Harness<'_>, files: &[PathBuf]) -> anyhow::Result<String> {
    let mut table = HEADER.to_owned();
    let mut failed = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        eprintln!("{name}:");
        match row(harness, file, &name) {
            Ok(row) => table += &row,
            Err(error) => {
                eprintln!("  error: {error:#}");
                failed.push(name);
            }
        }
    }
    harness.drop_database(COPY)?;
    ensure!(failed.is_empty(), "{table}these schemas failed: {}", failed.join(", "));
    Ok(table)
}

/// Takes one schema through all steps, and returns its row of the table.
fn row(harness: &Harness<'_>, file: &Path, name: &str) -> anyhow::Result<String> {
    harness.recreate(DATABASE)?;
    harness.recreate(COPY)?;
    let url = harness.url(DATABASE);
    time(harness.psql(&url, &["-f", &file.to_string_lossy()]))
        .context("failed to load the file")?;

    let started_at = Instant::now();
    let schema = harness.read_schema(DATABASE)?;
    let sql = schema.to_sql();
    let written = started_at.elapsed().as_millis();
    harness.write_sql(&format!("{name}.sql"), &sql)?;
    for object in schema.unsupported_names() {
        eprintln!("  not written: {object}");
    }

    let started_at = Instant::now();
    harness
        .with_connection(COPY, async |connection| Ok(execute_sql_file(connection, &sql).await?))
        .context("failed to load what was written")?;
    let loaded = started_at.elapsed().as_millis();

    let compared = ensure_equal(&schema, &harness.read_schema(COPY)?)?;
    let drawn = draw(harness, name, &schema)?;
    let entities = check_entities(name, &schema)?;
    let tables = schema.tables.len();
    let columns: usize = schema.tables.values().map(|table| table.columns.len()).sum();
    let lines = sql.lines().count();
    Ok(format!(
        "| {name} | {tables} | {columns} | {lines} | {written} | {loaded} | {compared} | {drawn} | {entities} |\n"
    ))
}

/// Fails if the schemas differ, and returns how many milliseconds the comparison takes.
fn ensure_equal(schema: &DatabaseSchema, copy: &DatabaseSchema) -> anyhow::Result<u128> {
    let (schema, copy) =
        (schema.clone().without_runtime_state(), copy.clone().without_runtime_state());
    let started_at = Instant::now();
    let mut changes = diff(&schema, &copy);
    let elapsed = started_at.elapsed().as_millis();
    // The copy lacks the objects that the SQL does not support. Their names were printed before.
    changes.retain(|change| change.object().kind != ObjectKind::Other);
    let changes: String = changes.iter().map(|change| format!("\n{change}")).collect();
    ensure!(changes.is_empty(), "the loaded schema differs:{changes}");
    ensure!(schema.to_sql() == copy.to_sql(), "the loaded schema has another text");
    Ok(elapsed)
}

/// Writes the page and the diagrams, and returns how many milliseconds that takes.
fn draw(harness: &Harness<'_>, name: &str, schema: &DatabaseSchema) -> anyhow::Result<u128> {
    let image = format!("{name}.svg");
    let started_at = Instant::now();
    let texts = [
        (format!("{name}.md"), seedbed_diagram::page(schema, &image)),
        (format!("{name}.mmd"), seedbed_diagram::mermaid(schema).concat()),
        (image, seedbed_diagram::svg(schema)),
    ];
    let elapsed = started_at.elapsed().as_millis();
    for (file, text) in texts {
        harness.write_sql(&file, &text)?;
    }
    Ok(elapsed)
}

/// Returns the number of entities, and the processor time of checking them.
fn check_entities(name: &str, schema: &DatabaseSchema) -> anyhow::Result<String> {
    let workspace = std::env::current_dir().context("failed to find the workspace")?;
    let scratch_dir = workspace.join("target/bench-entities");
    let folder = write_crate(&workspace, &scratch_dir.join("public").join(name))?;
    for warning in write_with_seedbed(schema, &folder)? {
        eprintln!("  warning: {warning}");
    }
    let mut entities = 0;
    for file in std::fs::read_dir(folder.join("src/tables"))? {
        let name = file?.file_name();
        entities += u32::from(LISTS.iter().all(|list| name != *list));
    }
    let times = measure(&[folder], &scratch_dir.join("build"), 1)?;
    let seconds = times[0].context("the entities do not compile")?;
    Ok(format!("{entities} | {seconds:.1}"))
}
